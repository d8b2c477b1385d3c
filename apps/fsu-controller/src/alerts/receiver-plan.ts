import { type Alert, keyOf } from './alert.ts';
import { alertsMax } from './alert-book.ts';

/** What one receiver is told, and how often. */
export interface PlanOptions {
  /** After the first news the others of the same moment are waited for, ms. */
  readonly groupWaitMs: number;
  /** An alert that goes on firing is told again after this, ms. */
  readonly repeatMs: number;
  /** Messages in any hour; news beyond them wait, and are told together. */
  readonly messagesPerHourMax: number;
}

/** One message: alerts that fire first, then those that were resolved. */
export interface AlertMessage {
  readonly alerts: readonly Alert[];
}

/** What to do next: send, or wait until something is due (`Infinity`: for news). */
export type PlanStep =
  | { readonly do: 'send'; readonly message: AlertMessage }
  | { readonly do: 'wait'; readonly untilMs: number; readonly isThrottled: boolean };

const hourMs = 3_600_000;
/** The wait after a failed attempt doubles from the first to the last, ms. */
const retryMsMin = 1_000;
const retryMsMax = 60_000;
/** After an error that the same message would meet again. */
const refusedRetryMs = 300_000;

/** An alert as this receiver knows it. */
interface Told {
  alert: Alert;
  /** When it was last told that it fires, monotonic ms; `undefined`: it was not. */
  firingToldMs: number | undefined;
  /** Since when there is something to tell; `undefined`: there is not. */
  newsMs: number | undefined;
}

/**
 * What one receiver has been told and has still to be told. There is no queue of messages: each is
 * made of the state at its moment, so a receiver that was away hears once what is true now, and
 * what waits is bounded by the alerts there can be. Pure; times are monotonic milliseconds.
 */
export class ReceiverPlan {
  readonly #options: PlanOptions;
  readonly #told = new Map<string, Told>();
  /** Times of messages of the last hour. */
  #sentMs: number[] = [];
  #failures = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(options: PlanOptions) {
    this.#options = options;
  }

  /** Alerts with news that the receiver has not heard. */
  get untold(): number {
    let count = 0;
    for (const { newsMs } of this.#told.values()) if (newsMs !== undefined) count += 1;
    return count;
  }

  /** An alert fires, is raised again with another text, or was resolved. */
  take(alert: Alert, nowMs: number): void {
    const key = keyOf(alert);
    const known = this.#told.get(key);
    if (known === undefined && !this.#makeRoom()) return;
    const told = known ?? { alert, firingToldMs: undefined, newsMs: nowMs };
    const wasFiring = told.alert.endsUnixMs === undefined;
    const isFiring = alert.endsUnixMs === undefined;
    const isBack = known !== undefined && isFiring && !wasFiring;
    // It came back before anybody heard that it had gone: for the receiver it never went.
    told.alert = isBack ? { ...alert, startsUnixMs: told.alert.startsUnixMs } : alert;
    if (isBack && told.firingToldMs !== undefined) told.newsMs = undefined;
    else if (isFiring !== wasFiring) told.newsMs ??= nowMs;
    this.#told.set(key, told);
  }

  /** @param at.isLast the last call before the end: nothing is waited for any more */
  next(at: { nowMs: number; isLast?: boolean }): PlanStep {
    const { nowMs, isLast = false } = at;
    const dueMs = this.#dueMs(isLast);
    const roomMs = this.#roomMs(nowMs);
    const untilMs = isLast ? dueMs : Math.max(dueMs, roomMs, this.#notBeforeMs);
    if (untilMs > nowMs) {
      const isThrottled = untilMs === roomMs && dueMs <= nowMs;
      return { do: 'wait', untilMs, isThrottled };
    }
    return { do: 'send', message: { alerts: this.#alerts(nowMs) } };
  }

  /** The receiver took a message. Alerts that changed meanwhile still have news. */
  delivered(message: AlertMessage, nowMs: number): void {
    this.#failures = 0;
    this.#notBeforeMs = Number.NEGATIVE_INFINITY;
    this.#sentMs.push(nowMs);
    for (const alert of message.alerts) {
      const told = this.#told.get(keyOf(alert));
      if (told === undefined) continue;
      const isSame = told.alert.endsUnixMs === alert.endsUnixMs;
      const isFiring = alert.endsUnixMs === undefined;
      told.firingToldMs = isFiring ? nowMs : undefined;
      if (!isSame) told.newsMs ??= nowMs;
      else if (isFiring) told.newsMs = undefined;
      else this.#told.delete(keyOf(alert));
    }
  }

  /** An attempt failed; the next one comes later each time. */
  failed(at: { nowMs: number; isRefused: boolean; retryAfterMs?: number | undefined }): void {
    const { nowMs, isRefused, retryAfterMs = 0 } = at;
    const doubledMs = Math.min(retryMsMax, retryMsMin * 2 ** Math.min(this.#failures, 16));
    const waitMs = isRefused ? refusedRetryMs : doubledMs;
    this.#failures += 1;
    this.#notBeforeMs = nowMs + Math.min(refusedRetryMs, Math.max(waitMs, retryAfterMs));
  }

  /** Of a receiver that is away for long, what has long been resolved goes first. */
  #makeRoom(): boolean {
    if (this.#told.size < alertsMax) return true;
    for (const [key, { alert }] of this.#told) {
      if (alert.endsUnixMs !== undefined) return this.#told.delete(key);
    }
    return false;
  }

  /** When there is something to tell. */
  #dueMs(isLast: boolean): number {
    const { groupWaitMs, repeatMs } = this.#options;
    let dueMs = Number.POSITIVE_INFINITY;
    for (const { newsMs, firingToldMs } of this.#told.values()) {
      if (newsMs !== undefined) dueMs = Math.min(dueMs, isLast ? newsMs : newsMs + groupWaitMs);
      else if (firingToldMs !== undefined && !isLast) {
        dueMs = Math.min(dueMs, firingToldMs + repeatMs);
      }
    }
    return dueMs;
  }

  /** When the hour has room for a message. */
  #roomMs(nowMs: number): number {
    this.#sentMs = this.#sentMs.filter((sentMs) => sentMs > nowMs - hourMs);
    const over = this.#sentMs.length - this.#options.messagesPerHourMax;
    return over < 0 ? nowMs : (this.#sentMs[over] ?? nowMs) + hourMs;
  }

  /** All news, and what is to be repeated soon anyway; what fires comes first. */
  #alerts(nowMs: number): Alert[] {
    const { repeatMs } = this.#options;
    const all = [...this.#told.values()].filter(
      ({ newsMs, firingToldMs }) =>
        newsMs !== undefined || nowMs - (firingToldMs ?? nowMs) >= repeatMs / 2,
    );
    const ended = ({ alert }: Told) => (alert.endsUnixMs === undefined ? 0 : 1);
    return all.sort((one, other) => ended(one) - ended(other)).map(({ alert }) => alert);
  }
}
