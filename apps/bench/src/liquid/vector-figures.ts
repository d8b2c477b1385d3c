import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkVector, type LiquidVector } from '@levitate/neural';
import type { BenchFigures } from '../bench.ts';
import { allNotMeasured } from '../report.ts';

const KEYS = ['vector_error_max', 'gradient_error_max'];

/** Largest errors over all reference vectors of the data folder. */
export function vectorFigures(dataDirectory: string): BenchFigures {
  const folder = join(dataDirectory, 'liquid-vectors');
  const all = existsSync(folder) ? readdirSync(folder) : [];
  const files = all.filter((name) => name.endsWith('.json')).toSorted();
  if (files.length === 0) {
    return allNotMeasured(KEYS, 'the data folder has no liquid-vectors (--data names one)');
  }
  const vectors = files.map((file) => {
    const vector = JSON.parse(readFileSync(join(folder, file), 'utf8')) as LiquidVector;
    return { vector: file, ...errorsOf(vector) };
  });
  return {
    metrics: {
      vector_error_max: Math.max(...vectors.map(({ output }) => output)),
      gradient_error_max: Math.max(...vectors.map(({ gradient }) => gradient)),
    },
    baseline: { vectors },
    environment: { vectors: files.length },
    notMeasured: {},
  };
}

/** A vector of which no network can be built is as wrong as one can be. */
function errorsOf(vector: LiquidVector): { output: number; gradient: number; why?: string } {
  try {
    return checkVector(vector);
  } catch (error) {
    const worst = Number.MAX_VALUE;
    return { output: worst, gradient: worst, why: (error as Error).message };
  }
}
