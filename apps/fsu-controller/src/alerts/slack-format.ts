import type { Alert } from './alert.ts';
import { factsOf, type Severity } from './alert-kinds.ts';
import { messageTitle } from './message-title.ts';
import type { AlertMessage } from './receiver-plan.ts';

/** Alerts shown one by one; Slack takes 50 blocks. */
const shownMax = 20;
/** Slack takes 150 characters in a header and 3,000 in a section. */
const titleMax = 150;
const sectionMax = 3_000;

const signs: Record<Severity, string> = {
  critical: ':red_circle:',
  warning: ':large_yellow_circle:',
  info: ':large_blue_circle:',
};

/** What an incoming webhook of Slack takes: `text` for notifications, `blocks` for the channel. */
export function slackBody({ alerts }: AlertMessage): { text: string; blocks: unknown[] } {
  const title = messageTitle(alerts).slice(0, titleMax);
  const sections = alerts.slice(0, shownMax).map((alert) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: alertText(alert).slice(0, sectionMax) },
  }));
  const more = alerts.length - shownMax;
  const rest = { type: 'mrkdwn', text: `and ${more} more` };
  return {
    text: escaped(title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title } },
      ...sections,
      ...(more > 0 ? [{ type: 'context', elements: [rest] }] : []),
    ],
  };
}

function alertText(alert: Alert): string {
  const { severity, summary, runbook } = factsOf(alert.kind);
  const isFiring = alert.endsUnixMs === undefined;
  const sign = isFiring ? signs[severity] : ':white_check_mark:';
  const head = `${sign} *${alert.kind}* ${alert.target}`;
  const span = `${isFiring ? 'since' : 'was from'} ${slackTime(alert.startsUnixMs)}`;
  const end = alert.endsUnixMs === undefined ? '' : ` to ${slackTime(alert.endsUnixMs)}`;
  const lines = [`${escapedHead(head)} ${span}${end}`, escaped(alert.text || summary)];
  if (isFiring) lines.push(`_${escaped(runbook)}_`);
  return lines.join('\n');
}

/** Shown in the reader's own time zone. */
function slackTime(unixMs: number): string {
  const iso = new Date(unixMs).toISOString();
  return `<!date^${Math.floor(unixMs / 1_000)}^{date_short_pretty} {time_secs}|${iso}>`;
}

function escapedHead(text: string): string {
  return escaped(text).replaceAll('\n', ' ');
}

/** Slack's three control characters; what is left cannot mention a channel. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
