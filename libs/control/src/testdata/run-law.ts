import type { Law } from '../laws/law.ts';

/** A resource and what is asked of it, tick by tick, 100 ms each. */
export interface LawScenario {
  /** `undefined`: not measured. */
  needs: readonly (number | undefined)[];
  size: number;
  /** Ticks from a request until its size is usable. */
  delayTicks?: number;
  /** The resource comes in whole units of this size; any without. */
  quantum?: number;
}

/** Let a law rule a resource whose new size is usable `delayTicks` after it was asked for. */
export function runLaw(
  law: Law,
  scenario: LawScenario,
): { sizes: number[]; utilisations: (number | undefined)[] } {
  const { needs, delayTicks = 0, quantum } = scenario;
  const underWay = Array<number>(delayTicks).fill(scenario.size);
  let { size } = scenario;
  let requested = size;
  const sizes: number[] = [];
  const utilisations: (number | undefined)[] = [];
  needs.forEach((need, tick) => {
    const out = law.step({ nowMs: tick * 100, intervalMs: 100, size, requested, need });
    requested = quantum === undefined ? out.wish : Math.max(1, Math.round(out.wish / quantum));
    underWay.push(requested);
    size = underWay.shift() ?? size;
    sizes.push(size);
    utilisations.push(out.utilisation);
  });
  return { sizes, utilisations };
}

/** The same need at every tick. */
export function constant(need: number, ticks: number): number[] {
  return Array<number>(ticks).fill(need);
}
