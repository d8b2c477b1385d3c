import { strict as assert } from 'node:assert';
import { trialCosts } from '@levitate/queueing';
import type { HeapLoad, HeapTrial } from '@levitate/resource-adapters/jvm/lab';
import { heapTotalsOf, liveBytesMax, realHeapBounds, wholeMebibytes } from './heap-load.ts';

/** Fixed sizes that are tried, each a tenth larger than the one before. */
const sizesTried = 8;
const step = 1.1;
/** Share of the training trials that the heaviest stands for; the middle one for the others. */
const heavyShare = 0.05;

/** What real heaps of fixed size are tuned with. */
export interface HeapTuning {
  /** Loads of training trials, by kind. */
  training: ReadonlyMap<string, readonly HeapLoad[]>;
  /** Plays a load on heaps of those fixed sizes, bytes, side by side. */
  play: (load: HeapLoad, sizes: readonly number[]) => Promise<HeapTrial[]>;
}

/** Sizes in bytes. */
export interface TunedHeaps {
  /** The static of each kind. */
  sizes: ReadonlyMap<string, number>;
  /** Mean need of the heaviest training trial in the roomiest heap. */
  peakNeedBytes: number;
}

/**
 * Tunes static heaps on the real system: a simulated size means nothing to a collector that is
 * faster, or slower. A heap too small costs a hundred times what it saves, so that the heaviest of
 * many training trials decides, beside the middle one: as few can be played. Sizes begin a step
 * above the most that the heaviest holds; with less it fails.
 */
export async function tuneHeaps({ training, play }: HeapTuning): Promise<TunedHeaps> {
  const played = new Map<string, { sizes: number[]; heavy: HeapTrial[]; middle: HeapTrial[] }>();
  let peakNeedBytes = 0;
  for (const [kind, loads] of training) {
    const ranked = loads.toSorted((one, other) => liveBytesMax(other) - liveBytesMax(one));
    const heaviest = ranked[0];
    const middling = ranked[Math.floor(ranked.length / 2)];
    assert(heaviest !== undefined && middling !== undefined, `no training trial of ${kind}`);
    const sizes = staticSizes(liveBytesMax(heaviest));
    const heavy = await play(heaviest, sizes);
    const middle = await play(middling, sizes);
    peakNeedBytes = Math.max(peakNeedBytes, heavy.at(-1)?.needBytes ?? 0);
    played.set(kind, { sizes, heavy, middle });
  }
  const cost = (trial: HeapTrial) => trialCosts(heapTotalsOf(trial, peakNeedBytes)).standard;
  const sizes = new Map<string, number>();
  for (const [kind, { sizes: tried, heavy, middle }] of played) {
    const costs = tried.map(
      (_, at) =>
        heavyShare * cost(heavy[at] as HeapTrial) +
        (1 - heavyShare) * cost(middle[at] as HeapTrial),
    );
    sizes.set(kind, tried[costs.indexOf(Math.min(...costs))] as number);
  }
  return { sizes, peakNeedBytes };
}

function staticSizes(liveBytes: number): number[] {
  return Array.from({ length: sizesTried }, (_, at) =>
    Math.min(realHeapBounds.maxBytes, wholeMebibytes(liveBytes * step ** (at + 1))),
  );
}
