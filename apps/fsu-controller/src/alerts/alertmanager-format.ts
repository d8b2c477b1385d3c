import type { Alert } from './alert.ts';
import { factsOf } from './alert-kinds.ts';
import type { AlertMessage } from './receiver-plan.ts';

/** One of the array that `POST /api/v2/alerts` takes (Alertmanager's OpenAPI, `postableAlert`). */
interface PostableAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
}

/**
 * A message as Alertmanager wants it: what fires ends by itself after `lastsMs` unless it is told
 * again, so that a controller that is gone leaves no alert behind. The labels say which alert it
 * is; texts, which change, are annotations.
 * @param options.labels of the configuration
 */
export function alertmanagerBody(
  { alerts }: AlertMessage,
  options: { nowUnixMs: number; lastsMs: number; labels: Readonly<Record<string, string>> },
): PostableAlert[] {
  return alerts.map((alert) => {
    const { severity, summary, runbook } = factsOf(alert.kind);
    const endsUnixMs = alert.endsUnixMs ?? options.nowUnixMs + options.lastsMs;
    return {
      labels: {
        ...valid(alert.labels ?? {}),
        ...options.labels,
        alertname: alertName(alert),
        severity,
        target: alert.target,
        service: 'fsu-controller',
      },
      annotations: { summary, description: alert.text, runbook },
      startsAt: new Date(alert.startsUnixMs).toISOString(),
      endsAt: new Date(endsUnixMs).toISOString(),
    };
  });
}

/** `breaker-open` as `LevitateBreakerOpen`, as alerts are called in Prometheus. */
function alertName({ kind }: Alert): string {
  const words = kind.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `Levitate${words.join('')}`;
}

/** One bad label and Alertmanager turns the whole array down: such a label is left out. */
function valid(labels: Readonly<Record<string, string>>): Record<string, string> {
  const isValid = ([name, value]: [string, string]) =>
    /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && value !== '' && value.isWellFormed();
  return Object.fromEntries(Object.entries(labels).filter(isValid));
}
