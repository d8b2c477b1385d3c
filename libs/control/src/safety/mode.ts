/** How far control of a target goes (SPEC 4.4). */
export type Mode = 'observe' | 'recommend' | 'enforce';

/** What a mode lets the loop do. */
export interface ModePermits {
  /** Decide and log. */
  decide: boolean;
  /** Change the target. */
  change: boolean;
}

/** `observe` measures and forecasts, `recommend` decides and logs, `enforce` changes. */
export function modePermits(mode: Mode): ModePermits {
  return { decide: mode !== 'observe', change: mode === 'enforce' };
}
