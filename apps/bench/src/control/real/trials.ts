import type { ResourceType } from '@levitate/control';
import type { TrialDraw } from '../trial-draw.ts';
import { drawRuns, type RealPair, type RealPlayer } from './runs.ts';
import { type RealTrial, realTrialOf } from './trial.ts';

/** A real system that plays one trial of requests on two instances of its own. */
export interface RequestSystem {
  /** What the simulator says of the same minute. */
  simulate(trial: RealTrial): RealPair;
  /** @throws when the system is not there, or fails; the pair is void */
  play(trial: RealTrial, signal: AbortSignal): Promise<RealPair>;
}

/** The scored trials of a resource of requests, its kinds of trace in turn. @see drawRuns */
export function playTrials(
  system: RequestSystem,
  of: {
    resource: ResourceType;
    kinds: readonly string[];
    draw: TrialDraw;
    /** The tuned static of a kind. */
    tunedSize: (kind: string) => number;
  },
): RealPlayer {
  const { resource, kinds, draw, tunedSize } = of;
  const trialOf = (run: number) => {
    const kind = kinds[run % kinds.length] as string;
    const index = Math.floor(run / kinds.length);
    const ref = { resource, kind, part: 'test', index } as const;
    return realTrialOf(ref, { draw, tunedSize: tunedSize(kind) });
  };
  const drawn = drawRuns((run) => {
    const trial = trialOf(run);
    return { trial, simulated: system.simulate(trial) };
  });
  const play = async (run: number, signal: AbortSignal): Promise<RealPair> => {
    const { trial, simulated } = drawn(run);
    const pair = await system.play(trial, signal);
    signal.throwIfAborted();
    return { ...pair, simulated };
  };
  return {
    play: (runs, signal) => Promise.allSettled(runs.map((run) => play(run, signal))),
  };
}
