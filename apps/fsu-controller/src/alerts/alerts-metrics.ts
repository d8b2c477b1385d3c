import { Counter, Gauge, type Registry } from 'prom-client';
import type { AlertBook } from './alert-book.ts';
import { type AlertKind, alertKinds } from './alert-kinds.ts';
import type { ReceiverPlan } from './receiver-plan.ts';

/** Metrics of alerts; labels are kinds (9) and receivers (at most 9). */
export function alertsMetrics(
  registry: Registry,
  shown: { book: AlertBook; plans: ReadonlyMap<string, ReceiverPlan> },
) {
  const registers = [registry];
  new Gauge({
    name: 'fsu_firing_alerts',
    help: 'Alerts that fire now.',
    labelNames: ['kind'],
    registers,
    collect() {
      for (const kind of Object.keys(alertKinds) as AlertKind[]) {
        this.set({ kind }, shown.book.count(kind));
      }
    },
  });
  new Gauge({
    name: 'fsu_untold_alerts',
    help: 'Alerts of which a receiver has not taken the news yet.',
    labelNames: ['receiver'],
    registers,
    collect() {
      for (const [receiver, plan] of shown.plans) this.set({ receiver }, plan.untold);
    },
  });
  return {
    raised: new Counter({
      name: 'fsu_alerts_raised_total',
      help: 'Alerts raised: new, again while firing, or dropped for want of room.',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    messages: new Counter({
      name: 'fsu_alert_messages_total',
      help: 'Attempts to tell a receiver, by outcome; every one but delivered is tried again.',
      labelNames: ['receiver', 'outcome'],
      registers,
    }),
    throttled: new Counter({
      name: 'fsu_alert_throttled_total',
      help: 'Times at which news had to wait because the hour had had its messages.',
      labelNames: ['receiver'],
      registers,
    }),
  };
}

/** @see alertsMetrics */
export type AlertsMetrics = ReturnType<typeof alertsMetrics>;
