import type { Alert } from './alert.ts';
import { factsOf } from './alert-kinds.ts';
import { messageTitle } from './message-title.ts';
import type { AlertMessage } from './receiver-plan.ts';

/** Alerts written out in one message. */
const shownMax = 100;

/** Subject and text of an e-mail. */
export function emailText({ alerts }: AlertMessage): { subject: string; text: string } {
  const more = alerts.length - shownMax;
  const parts = alerts.slice(0, shownMax).map(alertText);
  if (more > 0) parts.push(`and ${more} more: levitate fsu status`);
  // A target's name is whatever its configuration says; a line break would begin another header.
  const subject = messageTitle(alerts).replaceAll(/\s+/g, ' ').slice(0, 200);
  return { subject, text: `${parts.join('\n\n')}\n` };
}

function alertText(alert: Alert): string {
  const { severity, summary, runbook } = factsOf(alert.kind);
  const start = new Date(alert.startsUnixMs).toISOString();
  const isFiring = alert.endsUnixMs === undefined;
  const state = isFiring
    ? `${severity.toUpperCase()}, since ${start}`
    : `resolved: ${start} to ${new Date(alert.endsUnixMs).toISOString()}`;
  const labels = Object.entries(alert.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  return [
    `${alert.kind} ${alert.target} (${state})`,
    `  ${summary}`,
    ...(alert.text === '' ? [] : [`  ${alert.text}`]),
    ...(labels.length === 0 ? [] : [`  ${labels.join(' ')}`]),
    ...(isFiring ? [`  What to do: ${runbook}`] : []),
  ].join('\n');
}
