import type { ServerPeriod } from '@levitate/control';
import type { BackendTraffic, TrafficRow } from './read-answers.ts';

/** What passed a backend of late, requests/s. */
export interface TrafficRates {
  arrivedPerSecond: number;
  /** No server was found, or none in time. */
  rejectedPerSecond: number;
  retriedPerSecond: number;
  /** Waiting for a server now, requests. */
  queued: number;
}

/** One look. */
interface Look extends BackendTraffic {
  nowMs: number;
}

/** Looks kept: a second of a look every millisecond. */
const looksMax = 1_000;

/**
 * HAProxy counts since its start; this makes rates of it, over a window that slides: over single
 * periods of 100 ms chance would be most of what is seen.
 */
export class TrafficWindow {
  readonly #windowMs: number;
  #looks: Look[] = [];

  constructor({ windowMs }: { windowMs: number }) {
    this.#windowMs = windowMs;
  }

  /** @returns what passed within the window; at the first look, HAProxy's own last second */
  add(nowMs: number, traffic: BackendTraffic): TrafficRates {
    const before = this.#looks.at(-1);
    // Counters that fall were cleared (`clear counters all`): what was before tells nothing now.
    if (before !== undefined && !isSince(traffic.backend, before.backend)) this.#looks = [];
    this.#looks.push({ nowMs, ...traffic });
    while (this.#looks.length > 2 && this.#isOld(this.#looks[1] as Look, nowMs)) {
      this.#looks.shift();
    }
    const oldest = this.#looks[0] as Look;
    const { backend } = traffic;
    const seconds = (nowMs - oldest.nowMs) / 1000;
    const rate = (now: number, then: number) => (seconds > 0 ? (now - then) / seconds : 0);
    return {
      arrivedPerSecond:
        seconds > 0 ? rate(backend.arrivals, oldest.backend.arrivals) : backend.perSecond,
      rejectedPerSecond: rate(backend.failed, oldest.backend.failed),
      retriedPerSecond: rate(backend.retried, oldest.backend.retried),
      queued: [...traffic.servers.values()].reduce((sum, row) => sum + row.queued, backend.queued),
    };
  }

  /** What each server did between the last two looks; nothing for one that is new. */
  periods(): Map<string, ServerPeriod> {
    const [before, now] = this.#looks.slice(-2);
    const periods = new Map<string, ServerPeriod>();
    if (before === undefined || now === undefined) return periods;
    const lengthS = (now.nowMs - before.nowMs) / 1000;
    for (const [name, row] of now.servers) {
      const then = before.servers.get(name);
      if (then === undefined || lengthS <= 0) continue;
      periods.set(name, {
        lengthS,
        served: servedBetween(then, row),
        failed: Math.max(0, failuresOf(row) - failuresOf(then)),
        inFlight: row.current + row.queued,
      });
    }
    return periods;
  }

  #isOld(look: Look, nowMs: number): boolean {
    return look.nowMs <= nowMs - this.#windowMs || this.#looks.length > looksMax;
  }
}

function servedBetween(then: TrafficRow, now: TrafficRow): number {
  const done = (row: TrafficRow) => row.arrivals - row.current - row.errors;
  return Math.max(0, done(now) - done(then));
}

function failuresOf({ failed, errors, retried }: TrafficRow): number {
  return failed + errors + retried;
}

function isSince(now: TrafficRow, then: TrafficRow): boolean {
  return now.arrivals >= then.arrivals && now.failed >= then.failed && now.retried >= then.retried;
}
