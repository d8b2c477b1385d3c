import type { ServerState } from './read-answers.ts';
import { ServerSpeed } from './server-speed.ts';
import type { ServerPeriod } from './traffic-window.ts';

/** How fast each server of a backend is. */
export class ServerSpeeds {
  readonly #perWeight: number;
  #speeds = new Map<string, ServerSpeed>();

  /** @param perWeight requests/s of one unit of weight */
  constructor(perWeight: number) {
    this.#perWeight = perWeight;
  }

  add(
    nowMs: number,
    servers: readonly ServerState[],
    periods: ReadonlyMap<string, ServerPeriod>,
  ): void {
    const before = this.#speeds;
    this.#speeds = new Map();
    for (const { name, nominalWeight } of servers) {
      const speed = before.get(name) ?? new ServerSpeed(nominalWeight * this.#perWeight, nowMs);
      const period = periods.get(name);
      if (period !== undefined) speed.add(nowMs, period);
      this.#speeds.set(name, speed);
    }
  }

  /** Share of full speed, 0.02 to 1; a server that is not known is fast. */
  share(name: string): number {
    return this.#speeds.get(name)?.share ?? 1;
  }
}
