import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TrainingContext } from '../training.ts';

/** A folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'levitate-train-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What a quick training is run with: everything it leaves goes to one folder, made if need be. */
export function contextIn(dataDirectory: string, out: string): TrainingContext {
  mkdirSync(out, { recursive: true });
  return {
    seed: 1,
    workers: 1,
    quick: true,
    dataDirectory,
    modelDirectory: out,
    reportDirectory: out,
    checkpointDirectory: out,
    signal: new AbortController().signal,
    progress: () => {},
    say: () => {},
  };
}
