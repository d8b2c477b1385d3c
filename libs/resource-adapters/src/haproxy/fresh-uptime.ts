import { HaproxyError } from './haproxy-error.ts';
import type { ProcessInfo } from './read-answers.ts';

/** Uptime counts seconds: one that stands for so long is no accident of rounding, ms. */
const standsMsMax = 3_000;

/** Sees through answers that are repeated: the uptime in them stands still. */
export class FreshUptime {
  #last: { instance: string; uptimeS: number; sinceMs: number } | undefined;

  /** @throws {HaproxyError} STALE */
  check(nowMs: number, { instance, uptimeS }: ProcessInfo): void {
    const last = this.#last;
    if (last?.instance !== instance || last.uptimeS !== uptimeS) {
      this.#last = { instance, uptimeS, sinceMs: nowMs };
    } else if (nowMs - last.sinceMs > standsMsMax) {
      const seconds = ((nowMs - last.sinceMs) / 1000).toFixed(1);
      throw new HaproxyError('STALE', `HAProxy's uptime has been ${uptimeS} s for ${seconds} s`);
    }
  }
}
