import type { Clock } from '@levitate/clock';
import { type Logger, systemClock } from '@levitate/service-kit';
import { Registry } from 'prom-client';
import { alertsConfig } from '../alerts-config.ts';
import { type Alerts, openAlerts } from '../open-alerts.ts';

/** Alerts of a configuration, with what they log and count. */
export function openForTest(config: object, clock: Clock = systemClock) {
  const lines: string[] = [];
  const keep = (fields: object, text: string) => lines.push(`${text} ${JSON.stringify(fields)}`);
  const logger = { error: keep, warn: keep, info: keep } as unknown as Logger;
  const registry = new Registry();
  const options = { config: alertsConfig.parse(config), logger, clock, registry };
  const alerts: Alerts = openAlerts(options);
  /** Value of a metric with these labels; 0 where it has none. */
  const metric = async (name: string, labels: Record<string, string> = {}): Promise<number> => {
    const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
    const isWanted = (each: object) =>
      Object.entries(labels).every(([key, value]) => (each as typeof labels)[key] === value);
    return values.filter((each) => isWanted(each.labels)).reduce((sum, one) => sum + one.value, 0);
  };
  return { alerts, lines, metric };
}
