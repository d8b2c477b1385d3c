import type { ServiceName } from '../services.ts';

/** Where something was lost because somebody downstream was slow: here, or at a service. */
export type LossPlace = 'here' | ServiceName;

/** Counts of what was lost, per place. */
export class Losses {
  #counts = new Map<LossPlace, number>();

  add(place: LossPlace, count: number): void {
    if (count > 0) this.#counts.set(place, (this.#counts.get(place) ?? 0) + count);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** What was counted since the last call, in the order in which the places came up. */
  take(): { readonly place: LossPlace; readonly lost: number }[] {
    const taken = this.list();
    this.#counts = new Map();
    return taken;
  }

  /** What is counted now. */
  list(): { readonly place: LossPlace; readonly lost: number }[] {
    return [...this.#counts].map(([place, lost]) => ({ place, lost }));
  }
}
