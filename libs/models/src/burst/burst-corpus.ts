import { readFileSync, writeFileSync } from 'node:fs';
import { SeededRandom } from '@levitate/clock';
import type { TrafficKind } from '@levitate/traffic';
import { type BurstTrace, burstTrace } from './burst-trace.ts';
import { GENERATED_START_UNIX_MS, generatedLink } from './generated-link.ts';
import { BURST_FEATURES } from './second-features.ts';

/** Traces of one class in a corpus. */
export interface CorpusClass {
  kind: TrafficKind;
  traces: number;
  basePps: readonly [number, number];
}

/** What to generate. */
export interface CorpusOptions {
  /** Of every trace's seed the first part: parts of a split have different ones. */
  part: string;
  classes: readonly CorpusClass[];
  durationMs: number;
}

/** Numbers of one second in a corpus file: features and the two truths. */
const WIDTH = BURST_FEATURES + 2;
const DAY_S = 86_400;

/**
 * Generated traces for training, one after the other. Each begins at its own time of day, so that
 * the time of day says nothing where there is nothing to say.
 */
export function* generateCorpus(options: CorpusOptions): Generator<BurstTrace> {
  for (const { kind, traces, basePps } of options.classes) {
    for (let index = 0; index < traces; index++) {
      const seed = `${options.part} ${kind} ${basePps.join('-')} ${index}`;
      const second = Math.floor(new SeededRandom(seed).fork('time of day').uniform(0, DAY_S));
      const startUnixMs = GENERATED_START_UNIX_MS + second * 1000;
      const { durationMs } = options;
      yield burstTrace(generatedLink({ kind, seed, durationMs, basePps, startUnixMs }));
    }
  }
}

/** Write traces to a file that `readCorpus` reads: traces of equal length, float32. */
export function writeCorpus(path: string, traces: readonly BurstTrace[]): void {
  const seconds = Math.min(...traces.map(({ count }) => count));
  const numbers = new Float32Array(1 + traces.length * seconds * WIDTH);
  numbers[0] = seconds;
  let at = 1;
  for (const { values, timeS, logMagnitude } of traces) {
    for (let second = 0; second < seconds; second++) {
      numbers.set(values.subarray(second * BURST_FEATURES, (second + 1) * BURST_FEATURES), at);
      numbers[at + BURST_FEATURES] = timeS[second] ?? Number.NaN;
      numbers[at + BURST_FEATURES + 1] = logMagnitude[second] ?? 0;
      at += WIDTH;
    }
  }
  writeFileSync(path, new Uint8Array(numbers.buffer));
}

/** Traces of equal length, by number. */
export class BurstCorpus {
  readonly traces: number;
  /** Seconds of each trace. */
  readonly seconds: number;
  readonly #numbers: Float32Array;

  private constructor(numbers: Float32Array) {
    this.#numbers = numbers;
    this.seconds = numbers[0] ?? 0;
    this.traces = Math.floor((numbers.length - 1) / (this.seconds * WIDTH));
  }

  /** @throws Error of node:fs where the file cannot be read */
  static read(path: string): BurstCorpus {
    const bytes = readFileSync(path);
    return new BurstCorpus(new Float32Array(Uint8Array.from(bytes).buffer));
  }

  /** Copy the features of one second to `into` and return its truth. */
  second(
    place: { trace: number; second: number },
    into: { input: Float32Array; at: number },
  ): { timeS: number; logMagnitude: number } {
    const from = 1 + (place.trace * this.seconds + place.second) * WIDTH;
    into.input.set(this.#numbers.subarray(from, from + BURST_FEATURES), into.at);
    return {
      timeS: this.#numbers[from + BURST_FEATURES] as number,
      logMagnitude: this.#numbers[from + BURST_FEATURES + 1] as number,
    };
  }
}
