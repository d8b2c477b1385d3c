import type { Clock } from '@levitate/clock';
import type { Logger } from '@levitate/service-kit';
import type { Registry } from 'prom-client';
import type { Alert, RaisedAlert } from './alert.ts';
import { AlertBook } from './alert-book.ts';
import { factsOf } from './alert-kinds.ts';
import type { AlertsConfig } from './alerts-config.ts';
import { alertsMetrics } from './alerts-metrics.ts';
import type { Receiver } from './receiver.ts';
import { ReceiverDriver } from './receiver-driver.ts';
import { ReceiverPlan } from './receiver-plan.ts';
import { SmtpReceiver } from './smtp-receiver.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

/** What raises and resolves alerts. Nothing here waits, throws or blocks. */
export interface Alerts {
  /** Something needs a person. Raising it again while it fires only brings its text up to date. */
  raise(alert: RaisedAlert): void;
  /** It is over; nothing happens where it did not fire. */
  resolve(kind: RaisedAlert['kind'], target: string): void;
  /** Tells what is untold, and gives up at the deadline. Alerts that fire stay so. */
  close(deadlineMs: number): Promise<void>;
}

/** @see openAlerts */
export interface AlertsOptions {
  config: AlertsConfig;
  logger: Logger;
  clock: Clock;
  registry: Registry;
}

/** Alerts as the configuration wants them told; without a receiver they are log and metrics. */
export function openAlerts(options: AlertsOptions): Alerts {
  return new ToldAlerts(options);
}

const levels = { critical: 'error', warning: 'warn', info: 'info' } as const;

class ToldAlerts implements Alerts {
  readonly #book = new AlertBook();
  readonly #drivers: ReceiverDriver[];
  readonly #metrics: ReturnType<typeof alertsMetrics>;
  readonly #logger: Logger;
  readonly #clock: Clock;
  #expiry: NodeJS.Timeout | undefined;

  constructor({ config, logger, clock, registry }: AlertsOptions) {
    this.#logger = logger;
    this.#clock = clock;
    const told = receiversOf(config, clock).map((receiver) => ({
      receiver,
      plan: new ReceiverPlan(receiver.plan),
    }));
    const plans = new Map(told.map(({ receiver, plan }) => [receiver.name, plan]));
    const metrics = alertsMetrics(registry, { book: this.#book, plans });
    this.#metrics = metrics;
    this.#drivers = told.map((one) => new ReceiverDriver({ ...one, clock, metrics, logger }));
  }

  raise(raised: RaisedAlert): void {
    const { outcome, alert } = this.#book.raise(raised, this.#now());
    const { kind, target, text } = alert;
    this.#metrics.raised.inc({ kind, outcome });
    if (outcome === 'again') for (const driver of this.#drivers) driver.update(alert);
    if (outcome !== 'new') return;
    const { severity, runbook, lastsMs } = factsOf(kind);
    this.#logger[levels[severity]]({ alert: kind, target, nextStep: runbook }, text);
    for (const driver of this.#drivers) driver.take(alert);
    if (lastsMs !== undefined) this.#watchExpiry();
  }

  resolve(kind: RaisedAlert['kind'], target: string): void {
    const alert = this.#book.resolve({ kind, target }, this.#now());
    if (alert !== undefined) this.#resolved(alert);
  }

  async close(deadlineMs: number): Promise<void> {
    clearTimeout(this.#expiry);
    await Promise.all(this.#drivers.map((driver) => driver.close(deadlineMs)));
  }

  #resolved(alert: Alert): void {
    this.#logger.info({ alert: alert.kind, target: alert.target }, 'the alert is resolved');
    for (const driver of this.#drivers) driver.take(alert);
  }

  /** Events end by themselves. */
  #watchExpiry(): void {
    clearTimeout(this.#expiry);
    const { nextExpiryMs } = this.#book;
    if (nextExpiryMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(1, Math.ceil(nextExpiryMs - this.#clock.monotonicMs()));
    this.#expiry = setTimeout(() => {
      for (const alert of this.#book.expire(this.#now())) this.#resolved(alert);
      this.#watchExpiry();
    }, waitMs);
    this.#expiry.unref();
  }

  #now() {
    return { unixMs: this.#clock.unixMs(), monotonicMs: this.#clock.monotonicMs() };
  }
}

function receiversOf(config: AlertsConfig, clock: Clock): Receiver[] {
  const webhooks = config.webhooks.map((webhook, index) => {
    const name = `${webhook.format}-${index + 1}`;
    return new WebhookReceiver({ name, config: webhook, alerts: config, clock });
  });
  return config.smtp === undefined
    ? webhooks
    : [...webhooks, new SmtpReceiver(config.smtp, config)];
}
