import { managedHeapBench, trialCosts } from '@levitate/queueing';
import {
  compileLoad,
  type HeapLoad,
  type HeapTrial,
  type HeapTrialOptions,
  runHeapTrial,
} from '@levitate/resource-adapters/jvm/lab';
import type { TrialDraw } from '../trial-draw.ts';
import type { TrialRef } from '../trial-runs.ts';
import { heapLoadOf, heapTotalsOf, realHeapBounds } from './heap-load.ts';
import { type TunedHeaps, tuneHeaps } from './heap-static.ts';
import { assertInTime, drawRuns, type RealPair, type RealPlayer } from './runs.ts';
import { realTrialOf } from './trial.ts';

/** Training trials of a kind of which the heaviest and the middle one are played. */
const trainingTrials = 100;
/** Times that one of them is played until the machine is quiet. */
const triesMax = 3;

/** What tells two JVMs with the same load apart. */
type HeapLane = Pick<HeapTrialOptions, 'staticBytes' | 'startBytes'>;
type PlayLanes = (load: HeapLoad, lanes: readonly HeapLane[]) => Promise<HeapTrial[]>;

/**
 * Real JVMs under ZGC: of each pair one whose soft ceiling is ruled as shipped, one of fixed size.
 * Bytes and cores are scaled, time is not. What a trial would hold from before is there from its
 * start; the ruled heap begins at the static's size, and meets at once the most requests of the
 * minute before, which it then remembers. Statics are tuned with the first pairs, on training
 * trials on the same machine.
 * @param of.draw drawn from at once, for some seconds: later it would disturb what is measured
 */
export function realHeap(of: {
  kinds: readonly string[];
  draw: TrialDraw;
  progress: (line: string) => void;
}): RealPlayer {
  const { kinds, draw, progress } = of;
  const loadOf = (ref: Omit<TrialRef, 'resource'>) => {
    const trial = realTrialOf({ resource: 'memory', ...ref }, { draw, tunedSize: 0 });
    return heapLoadOf(trial, ref.index);
  };
  const indices = [...Array(trainingTrials).keys()];
  const training = new Map(
    kinds.map((kind) => [kind, indices.map((index) => loadOf({ kind, part: 'training', index }))]),
  );
  const scoredOf = drawRuns((run) => {
    const kind = kinds[run % kinds.length] as string;
    return { kind, load: loadOf({ kind, part: 'test', index: Math.floor(run / kinds.length) }) };
  });
  let tuned: TunedHeaps | undefined;
  const pairOf = async (run: number, playLanes: PlayLanes): Promise<RealPair> => {
    if (tuned === undefined) throw new Error('no static heap was tuned');
    const { kind, load } = scoredOf(run);
    const size = tuned.sizes.get(kind);
    const { peakNeedBytes } = tuned;
    const played = await playLanes(load, [{ startBytes: size }, { staticBytes: size }]);
    const [cost, otherCost] = played.map(
      (trial) => trialCosts(heapTotalsOf(trial, peakNeedBytes)).standard,
    ) as [number, number];
    return { cost, otherCost };
  };
  const play = async (runs: readonly number[], signal: AbortSignal) => {
    await using compiled = await compileLoad();
    const { uncommitSeconds } = managedHeapBench;
    const same = { compiled, ...realHeapBounds, uncommitSeconds, signal };
    const playLanes: PlayLanes = async (load, lanes) =>
      undisturbed(await all(lanes.map((lane) => runHeapTrial({ ...same, load, ...lane }))));
    if (tuned === undefined) {
      const playSizes = (load: HeapLoad, sizes: readonly number[]) => {
        const lanes = sizes.map((staticBytes) => ({ staticBytes }));
        return again(() => playLanes(load, lanes), { progress, signal });
      };
      tuned = await tuneHeaps({ training, play: playSizes });
      progress(`memory: static heaps are tuned: ${told(tuned)}`);
    }
    // Awaited here: what is compiled goes with the end of this function.
    return await Promise.allSettled(runs.map((run) => pairOf(run, playLanes)));
  };
  return { play };
}

/** Until the last has ended, so that none runs on. @throws what the first has thrown */
async function all<T>(running: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(running);
  return Promise.all(running);
}

function undisturbed(played: HeapTrial[]): HeapTrial[] {
  assertInTime(played);
  return played;
}

/** @throws what the last try has thrown */
async function again<T>(
  play: () => Promise<T>,
  { progress, signal }: { progress: (line: string) => void; signal: AbortSignal },
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await play();
    } catch (error) {
      if (signal.aborted || tries >= triesMax) throw error;
      progress(`memory: tuning is played again: ${error instanceof Error ? error.message : error}`);
    }
  }
}

function told({ sizes, peakNeedBytes }: TunedHeaps): string {
  const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  const each = [...sizes].map(([kind, bytes]) => `${kind} ${mib(bytes)}`);
  return `${each.join(', ')}; peak need ${mib(peakNeedBytes)}`;
}
