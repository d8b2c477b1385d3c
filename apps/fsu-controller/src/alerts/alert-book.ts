import { type Alert, keyOf, type Moment, type RaisedAlert } from './alert.ts';
import { type AlertKind, factsOf } from './alert-kinds.ts';

/** Alerts that fire at once; beyond them new ones are dropped. More than 256 targets can raise. */
export const alertsMax = 4_096;
const textCharactersMax = 1_000;

/** What raising an alert changed: it is new, it fires already, or there is no room for it. */
export type RaiseOutcome = 'new' | 'again' | 'dropped';

/** Which alerts fire: one per kind and target, however often it is raised. Pure. */
export class AlertBook {
  readonly #firing = new Map<string, { alert: Alert; untilMs: number }>();

  /** An alert is raised, perhaps not for the first time: its newest text counts. */
  raise(raised: RaisedAlert, now: Moment): { outcome: RaiseOutcome; alert: Alert } {
    const key = keyOf(raised);
    const before = this.#firing.get(key)?.alert;
    const alert: Alert = {
      kind: raised.kind,
      target: raised.target,
      text: raised.text.slice(0, textCharactersMax),
      labels: before === undefined ? raised.labels : before.labels,
      startsUnixMs: before?.startsUnixMs ?? now.unixMs,
      endsUnixMs: undefined,
    };
    if (before === undefined && this.#firing.size >= alertsMax)
      return { outcome: 'dropped', alert };
    const lastsMs = factsOf(raised.kind).lastsMs ?? Number.POSITIVE_INFINITY;
    this.#firing.set(key, { alert, untilMs: now.monotonicMs + lastsMs });
    return { outcome: before === undefined ? 'new' : 'again', alert };
  }

  /** @returns the alert as resolved; `undefined` where it did not fire */
  resolve(of: Pick<RaisedAlert, 'kind' | 'target'>, now: Moment): Alert | undefined {
    const key = keyOf(of);
    const found = this.#firing.get(key);
    if (found === undefined) return undefined;
    this.#firing.delete(key);
    return { ...found.alert, endsUnixMs: Math.max(now.unixMs, found.alert.startsUnixMs) };
  }

  /** Resolves events whose time is over. */
  expire(now: Moment): Alert[] {
    const over = [...this.#firing.values()].filter(({ untilMs }) => untilMs <= now.monotonicMs);
    return over.flatMap(({ alert }) => this.resolve(alert, now) ?? []);
  }

  /** When the next event is over, monotonic ms; `Infinity`: none will be by itself. */
  get nextExpiryMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { untilMs } of this.#firing.values()) next = Math.min(next, untilMs);
    return next;
  }

  /** How many of a kind fire. */
  count(kind: AlertKind): number {
    let count = 0;
    for (const { alert } of this.#firing.values()) if (alert.kind === kind) count += 1;
    return count;
  }
}
