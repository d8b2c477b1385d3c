import { strict as assert } from 'node:assert';
import { chooseRotation } from './choose-rotation.ts';
import { type ServerPeriod, ServerSpeed } from './server-speed.ts';

/** A server behind a balancer, as it is now. */
export interface BalancerServer {
  /** Unique among the servers of one balancer. */
  name: string;
  /** Requests/s at full speed. */
  capacity: number;
  /** Of the balancer's configuration, at least 1. */
  nominalWeight: number;
  /** In force; 0: it gets no new request. */
  weight: number;
  /** It takes requests if it is asked to. */
  isUp: boolean;
  /** Its weight may be chosen; not that of a server that an operator holds. */
  isFree: boolean;
  /** What it did since it was looked at before; undefined: not known. */
  period: ServerPeriod | undefined;
}

/** Most servers of one balancer. */
export const balancerServersMax = 4_096;

/** Less than this share of what was asked for serves: another choice is looked for. */
const enoughShare = 0.98;
/** Weights that differ by less than this share are as good as the same. */
const weightTolerance = 0.3;

/**
 * The rotation of a balancer that a law sizes: which servers get requests for a capacity, what of
 * it really serves at the speed the servers have now, and what need that makes. Pure: looks at
 * servers in, weights out.
 */
export class BalancerRotation {
  #servers: readonly BalancerServer[] = [];
  #speeds = new Map<string, ServerSpeed>();

  /** @throws AssertionError beyond {@link balancerServersMax} servers */
  observe(nowMs: number, servers: readonly BalancerServer[]): void {
    assert(servers.length <= balancerServersMax, `at most ${balancerServersMax} servers`);
    const before = this.#speeds;
    this.#speeds = new Map();
    for (const { name, capacity, period } of servers) {
      const speed = before.get(name) ?? new ServerSpeed(capacity, nowMs);
      if (period !== undefined) speed.add(nowMs, period);
      this.#speeds.set(name, speed);
    }
    this.#servers = servers;
  }

  /** Share of its full speed, 0.02 to 1; a server that is not known is fast. */
  speed(name: string): number {
    return this.#speeds.get(name)?.share ?? 1;
  }

  /** Capacity that serves now, requests/s. */
  get usable(): number {
    return this.#usable(() => true);
  }

  /**
   * What was asked for, in capacity as it is set. Where less than that serves, because servers are
   * down, slow or held, the need is larger by as much as makes up for it: so that the part that
   * serves is used to the same share, and at most by all that is missing.
   * @param asked requests/s that came or wait
   * @param size capacity as it is set, requests/s
   */
  need(asked: number, size: number): number {
    const { usable } = this;
    const missing = Math.max(0, size - usable);
    if (missing === 0) return asked;
    return usable === 0 ? asked + missing : Math.min((asked * size) / usable, asked + missing);
  }

  /** Weights for a capacity by name, of those that are free; 0 for those that are out. */
  choose(size: number): Map<string, number> {
    const candidates = this.#servers
      .filter(({ isFree }) => isFree)
      .map((server) => ({
        name: server.name,
        isUp: server.isUp,
        isIn: server.weight > 0,
        capacity: server.capacity,
        speed: this.speed(server.name),
        nominalWeight: server.nominalWeight,
      }));
    return chooseRotation(candidates, size - this.#usable(({ isFree }) => !isFree));
  }

  /** Whether less than this capacity serves, and a new choice would be another one. */
  isStale(size: number): boolean {
    if (this.usable >= size * enoughShare) return false;
    const chosen = this.choose(size);
    return this.#servers.some(({ name, weight }) => {
      const wanted = chosen.get(name) ?? weight;
      const isOther = wanted > 0 !== weight > 0;
      return isOther || Math.abs(wanted - weight) > weightTolerance * wanted;
    });
  }

  #usable(counts: (server: BalancerServer) => boolean): number {
    return this.#servers.reduce((sum, server) => {
      const serves = server.weight > 0 && server.isUp && counts(server);
      return sum + (serves ? server.capacity * this.speed(server.name) : 0);
    }, 0);
  }
}
