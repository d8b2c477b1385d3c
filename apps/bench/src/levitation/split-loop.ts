import type { Sample } from '@levitate/series';
import type { ConfirmedLimit, SplitAgent } from './split-agent.ts';
import type { LimitMove, SplitSet } from './split-set.ts';

/** What the loop asks of an agent. */
export type SplitAgentCalls = Pick<SplitAgent, 'samples' | 'setLimits'>;

/** Samples older than this are behind: the next ones are here already. */
const LATE_MS = 250;

/**
 * Moves the limits of several sets, as often as samples come: all falls in one call, and when they
 * are confirmed all rises in another. Where a fall was refused its set has no rises in that tick,
 * so that the limits of a set never add up to more than its memory on the host either. Samples that
 * are behind are learned from, but move nothing: newer ones say what is so.
 */
export class SplitLoop implements AsyncDisposable {
  /** Never resolves; rejects as soon as the loop cannot go on. */
  readonly failed: Promise<never>;
  /** From the end of a sample to its last change in force, ms, one a tick with changes. */
  readonly toChangeMs: number[] = [];
  readonly #agent: SplitAgentCalls;
  readonly #sets: readonly SplitSet[];
  readonly #startUnixMs: () => number;
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;
  readonly #unixMs: () => number;
  #refused = 0;
  #lateTicks = 0;

  /**
   * @param options `startUnixMs`: when the traffic began, 0 before it does: samples of the silence
   *   before it would make its start a burst that lasts for ever
   */
  constructor(options: {
    agent: SplitAgentCalls;
    sets: readonly SplitSet[];
    startUnixMs: () => number;
    unixMs?: () => number;
  }) {
    this.#agent = options.agent;
    this.#sets = options.sets;
    this.#startUnixMs = options.startUnixMs;
    this.#unixMs = options.unixMs ?? Date.now;
    const failure = Promise.withResolvers<never>();
    this.failed = failure.promise;
    this.failed.catch(() => {}); // Who waits for it sees it.
    this.#following = this.#follow().catch(failure.reject);
  }

  /** Changes that the agent refused so far. */
  get refused(): number {
    return this.#refused;
  }

  /** Ticks whose samples came too late to move anything. */
  get lateTicks(): number {
    return this.#lateTicks;
  }

  /** Ends it; a tick that was begun is finished first. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    try {
      for await (const samples of this.#agent.samples(signal)) {
        if (signal.aborted) return;
        const startUnixMs = this.#startUnixMs() || Number.POSITIVE_INFINITY;
        const heard = samples.filter(
          ({ timeUnixMs, intervalMs = 0 }) => timeUnixMs - intervalMs >= startUnixMs,
        );
        if (heard.length > 0) await this.#tick(heard);
      }
    } catch (cause) {
      if (!signal.aborted) throw cause;
    }
    if (!signal.aborted) throw new Error('the agent ended its stream of samples');
  }

  async #tick(samples: readonly Sample[]): Promise<void> {
    // The wall clock of the samples: what a tick is told is what they say, however late it is.
    const nowMs = samples.reduce((newest, sample) => Math.max(newest, sample.timeUnixMs), 0);
    const asked = this.#sets.map((set) => ({ set, moves: set.step({ samples, nowMs }) }));
    if (this.#unixMs() - nowMs > LATE_MS) {
      this.#lateTicks += 1;
      return;
    }
    const fallen = await this.#put(asked.flatMap(({ moves }) => moves.falls));
    const rises = asked.flatMap(({ moves }) =>
      moves.falls.every(({ link }) => fallen.has(link)) ? moves.rises : [],
    );
    const risen = await this.#put(rises);
    const changed = [...fallen.values(), ...risen.values()];
    if (changed.length === 0) return;
    const last = Math.max(...changed.map(({ changedUnixMs }) => changedUnixMs));
    this.toChangeMs.push(last - nowMs);
  }

  /** @returns what is in force now, by link */
  async #put(moves: readonly LimitMove[]): Promise<Map<string, ConfirmedLimit>> {
    const confirmed = await this.#agent.setLimits(moves);
    this.#refused += moves.length - confirmed.length;
    for (const limit of confirmed) {
      for (const set of this.#sets) if (set.links.includes(limit.link)) set.confirm(limit);
    }
    return new Map(confirmed.map((limit) => [limit.link, limit]));
  }
}
