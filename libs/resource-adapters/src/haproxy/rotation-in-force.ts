import type { ServerState } from './read-answers.ts';

/** @see RotationInForce */
export interface RotationInForceOptions {
  /** Capacity of one unit of weight. */
  perWeight: number;
  /** How long a weight that somebody else has set is left alone, ms. */
  handOffMs: number;
}

/**
 * What was set, against what stands there. A capacity that was asked for is in force while every
 * weight chosen for it stands; else the weights themselves say what is. A weight that stood as it
 * was set and then is another was set by hand.
 */
export class RotationInForce {
  readonly #options: RotationInForceOptions;
  #asked: { size: number; weights: ReadonlyMap<string, number> } | undefined;
  readonly #confirmed = new Set<string>();
  readonly #untilMs = new Map<string, number>();

  constructor(options: RotationInForceOptions) {
    this.#options = options;
  }

  /** Capacity that was asked for last; undefined: none since it was forgotten. */
  get asked(): number | undefined {
    return this.#asked?.size;
  }

  ask(size: number, weights: ReadonlyMap<string, number>): void {
    this.#asked = { size, weights };
    this.#confirmed.clear();
  }

  forget(): void {
    this.#asked = undefined;
    this.#confirmed.clear();
    this.#untilMs.clear();
  }

  /** Note what stands there, and whose hand it was. */
  look(nowMs: number, servers: readonly ServerState[]): void {
    for (const { name, weight } of servers) {
      const set = this.#asked?.weights.get(name);
      if (set === undefined) continue;
      if (weight === set) this.#confirmed.add(name);
      else if (this.#confirmed.delete(name)) {
        this.#untilMs.set(name, nowMs + this.#options.handOffMs);
      }
    }
  }

  /** Whether the weight of this server was set by hand of late. */
  isSetByHand(name: string, nowMs: number): boolean {
    return nowMs < (this.#untilMs.get(name) ?? Number.NEGATIVE_INFINITY);
  }

  /** Whether all stands as it was asked for. */
  isAsAsked(servers: readonly ServerState[]): boolean {
    const weights = this.#asked?.weights;
    return (
      weights !== undefined &&
      servers.every(({ name, weight }) => (weights.get(name) ?? weight) === weight)
    );
  }

  /** Capacity in force, as it is set: what is down or held by an operator is part of it. */
  size(servers: readonly ServerState[]): number {
    const asked = this.#asked?.size;
    if (asked !== undefined && this.isAsAsked(servers)) return asked;
    return this.#options.perWeight * servers.reduce((sum, { weight }) => sum + weight, 0);
  }
}
