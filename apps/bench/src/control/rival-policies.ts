import { Aimd, DoubleDecay, Envelope, Gradient2, type Law, Pid } from '@levitate/control';
import type { Policy, Reading } from '@levitate/queueing';
import type { RivalLaw } from './trial-runs.ts';

/** What a law is told of a reading. */
export interface LawSight {
  need: number;
  dropped?: number;
  delayS?: number | undefined;
}

/** How a law is put to a resource. */
export interface LawPolicyOptions<R extends Reading> {
  law: Law;
  min: number;
  max: number;
  /** Size at the start. */
  start: number;
  /** Whole units, such as threads; default false. */
  isWhole?: boolean;
  see: (reading: R) => LawSight;
}

/** Changes a minute that every policy of the bench may make. */
export const changesPerMinuteMax = 10;

/** A law of its own making within the same envelope as ours. */
export function lawPolicy<R extends Reading>(options: LawPolicyOptions<R>): Policy<number, R> {
  const { law, min, max, start, isWhole = false, see } = options;
  const maxChangesPerMinute = changesPerMinuteMax;
  const envelope = new Envelope({ kind: 'capacity', min, max, maxChangesPerMinute });
  let asked = start;
  return (reading) => {
    const { nowMs, intervalMs, size } = reading;
    const { need, dropped = 0, delayS } = see(reading);
    const { wish } = law.step({ nowMs, intervalMs, size, requested: asked, need, dropped, delayS });
    const whole = isWhole && Number.isFinite(wish) ? Math.round(wish) : wish;
    const urgency = need >= size || dropped > 0 ? 'full' : 'none';
    const { allowed } = envelope.admit({ nowMs, current: asked, wish: whole, urgency });
    if (allowed === asked) return undefined;
    asked = allowed;
    return asked;
  };
}

/** A rival with some of its settings changed; the others are its own. */
export function openRival(law: RivalLaw, options: Readonly<Record<string, number>>): Law {
  return makers[law](options);
}

const makers: Record<RivalLaw, (options: Readonly<Record<string, number>>) => Law> = {
  'double-decay': (options) => new DoubleDecay(options),
  pid: (options) => new Pid(options),
  aimd: (options) => new Aimd(options),
  gradient2: (options) => new Gradient2(options),
};

/** Double/decay as the bar has it. */
export const doubleDecayOfTheBar = { doubleEveryMs: 1_000, decayEveryMs: 10_000, decay: 0.9 };

/** Settings that each rival is tuned over, on training trials. */
export const rivalGrids: Readonly<Record<RivalLaw, readonly Readonly<Record<string, number>>[]>> = {
  'double-decay': [2_000, 10_000, 30_000, 60_000].flatMap((decayEveryMs) =>
    [0.8, 0.9, 0.95].map((decay) => ({ decayEveryMs, decay })),
  ),
  pid: grid({ setpoint: [0.7, 0.85, 0.95], holdMs: [10_000, 60_000] }),
  // The low ones are for heaps, where it goes by the duty of the collector.
  aimd: grid({ setpoint: [0.15, 0.3, 0.7, 0.85, 0.95], holdMs: [10_000, 60_000] }),
  gradient2: grid({ tolerance: [1.5, 3, 10], smoothing: [0.05, 0.2] }),
};

function grid(values: Record<string, readonly number[]>): Record<string, number>[] {
  return Object.entries(values).reduce<Record<string, number>[]>(
    (settings, [name, own]) =>
      settings.flatMap((setting) => own.map((value) => ({ ...setting, [name]: value }))),
    [{}],
  );
}
