import { type LawInput, type LawOutput, normalGains } from './law.ts';

/** What a law may rest on this tick; sizes in the resource's unit, all finite, sizes positive. */
export interface Measured {
  size: number;
  /** Size asked for last: what a change is counted from. */
  applied: number;
  need: number;
}

/**
 * The measurement of a tick, where there is one: a need that is no number, or a size that is none,
 * is no measurement, and a law holds.
 */
export function measured(input: LawInput): Measured | undefined {
  const { size, need } = input;
  const applied = input.requested ?? size;
  if (!isSize(size) || !isSize(applied) || need === undefined) return undefined;
  return Number.isFinite(need) && need >= 0 ? { size, applied, need } : undefined;
}

/** What a law answers where nothing was measured: hold what was asked for last. */
export function unmeasured({ requested, size }: LawInput): LawOutput {
  const wish = requested ?? size;
  return { wish, utilisation: undefined, gains: normalGains, reasons: ['no-sample'] };
}

/** Whether a number can be the size of something. */
export function isSize(size: number | undefined): size is number {
  return size !== undefined && Number.isFinite(size) && size > 0;
}

/** A wish at most `step` of the applied size away from it. */
export function within(applied: number, wish: number, step: number): number {
  return Math.max(applied * (1 - step), Math.min(applied * (1 + step), wish));
}
