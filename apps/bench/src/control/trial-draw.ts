import { strict as assert } from 'node:assert';
import { SeededRandom } from '@levitate/clock';
import type { RequestKind } from '@levitate/models';
import {
  type ArrivalStream,
  type BufferTrial,
  drawBufferTrials,
  drawPlaces,
  peakLevel,
  type RequestFile,
  ratesOf,
  type TrialPlace,
  trialOf,
} from '@levitate/queueing';
import { packetFilesOf, requestFilesOf, type TrialFiles } from './trial-data.ts';
import type { TrialRef } from './trial-runs.ts';

/** Trials that can be drawn of one kind and part. */
export const trialsMax = 1_000;
/** Kinds whose trials have an onset, every other one. */
const kindsWithOnsets: readonly string[] = ['requests-1s-twitter'];

/** The arrivals of a request trial. */
export interface RequestTrial {
  arrivals: ArrivalStream;
  /** Rate of its first second. */
  startPerSecond: number;
  block: string;
  /** For what else is drawn: slowdowns. */
  random: SeededRandom;
}

interface KindPlaces {
  level: number;
  places: Record<TrialRef['part'], TrialPlace[]>;
}

/**
 * Draws trials by name: the same reference and seed give the same trial in every thread. Where a
 * trial lies is the same for all resources of a part; its requests are each resource's own.
 */
export class TrialDraw {
  readonly #dataDirectory: string;
  readonly #random: SeededRandom;
  readonly #kinds = new Map<string, KindPlaces>();
  readonly #buffers = new Map<string, BufferTrial[]>();

  constructor({ dataDirectory, seed }: { dataDirectory: string; seed: number }) {
    this.#dataDirectory = dataDirectory;
    this.#random = new SeededRandom(seed).fork('control');
  }

  /** @param peakPerSecond requests/s at peak demand */
  requests(ref: TrialRef, peakPerSecond: number): RequestTrial {
    const { level, places } = this.#placesOf(ref.kind);
    const place = places[ref.part][ref.index];
    assert(place !== undefined, `at most ${trialsMax} trials of a part`);
    const random = this.#random.fork(`${ref.resource}/${ref.kind}/${ref.part}/${ref.index}`);
    const options = { peakPerSecond, level, random: random.fork('requests') };
    const arrivals = trialOf(place, options);
    const [startPerSecond = 0] = ratesOf(place, options);
    return { arrivals, startPerSecond, block: place.block, random };
  }

  buffer({ part, index }: TrialRef, load: number): BufferTrial {
    const name = `${part}/${load}`;
    let trials = this.#buffers.get(name);
    if (trials === undefined) {
      const files = packetFilesOf(this.#dataDirectory)[part];
      const random = this.#random.fork(`buffer/${part}`);
      trials = drawBufferTrials({ files, count: trialsMax, random, load });
      this.#buffers.set(name, trials);
    }
    const trial = trials[index];
    assert(trial !== undefined, `at most ${trialsMax} trials of a part`);
    return trial;
  }

  #placesOf(kind: string): KindPlaces {
    const known = this.#kinds.get(kind);
    if (known !== undefined) return known;
    const files: TrialFiles<RequestFile> = requestFilesOf(kind as RequestKind, this.#dataDirectory);
    const onsets = kindsWithOnsets.includes(kind);
    const places = (part: TrialRef['part']) =>
      drawPlaces({
        files: files[part],
        count: trialsMax,
        onsets,
        random: this.#random.fork(`${kind}/${part}`),
      });
    const drawn = {
      level: peakLevel(files.training),
      places: { training: places('training'), test: places('test') },
    };
    this.#kinds.set(kind, drawn);
    return drawn;
  }
}
