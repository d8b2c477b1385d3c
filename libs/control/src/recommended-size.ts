import {
  type GovernorSettings,
  ResourceGovernor,
  type ResourceMeasurement,
} from './resource-governor.ts';

/**
 * The size that a resource would have had, had its law been in force: the same law in the same
 * envelope, over a size of its own, which takes every change at once. What is asked of the
 * resource is taken as given; who is turned away less may come back less.
 */
export class RecommendedSize {
  readonly #governor: ResourceGovernor;
  #size: number | undefined;
  /** Of what finds no room: some resources turn it away, others let it wait. */
  #share = 0;

  constructor(settings: GovernorSettings) {
    const model = settings.model === 'auto' ? 'optomechanical' : settings.model;
    this.#governor = new ResourceGovernor({ ...settings, model, mode: 'enforce', autoTune: false });
  }

  /**
   * One period.
   * @returns size throughout it, and the one after; undefined: what was measured cannot be
   */
  step(tick: {
    nowMs: number;
    measured: ResourceMeasurement;
  }): { size: number; next: number } | undefined {
    const { nowMs, measured } = tick;
    const size = this.#size ?? measured.size;
    const { need, delayS } = measured;
    const rejected = this.#rejectedShare(measured) * Math.max(0, need - size);
    const own = { size, need, rejected, delayS };
    const { wished, apply } = this.#governor.step({ nowMs, measured: own });
    // What cannot be was not taken for a measurement.
    if (wished === undefined) return undefined;
    this.#size = apply ?? size;
    return { size, next: this.#size };
  }

  /** As the resource did when it was too small last. */
  #rejectedShare({ size, need, rejected = 0 }: ResourceMeasurement): number {
    if (need > size) this.#share = Math.min(1, Math.max(0, rejected / (need - size)));
    return this.#share;
  }
}
