import { describe, expect, it } from 'vitest';
import type { Alert } from './alert.ts';
import { alertmanagerBody } from './alertmanager-format.ts';
import { emailText } from './email-format.ts';
import { slackBody } from './slack-format.ts';

const nowUnixMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const open: Alert = {
  ...{ kind: 'breaker-open', target: 'uplink', text: '4 changes failed: <no> & *route*' },
  ...{ labels: { agent: 'host-1' }, startsUnixMs: nowUnixMs - 60_000, endsUnixMs: undefined },
};
const over: Alert = { ...open, kind: 'at-limit', target: 'db', endsUnixMs: nowUnixMs };
const options = { nowUnixMs, lastsMs: 240_000, labels: { region: 'eu' } };

describe('alertmanagerBody', () => {
  it('is labels that say which alert it is, texts beside them, and when it ends', () => {
    const [firing, resolved] = alertmanagerBody({ alerts: [open, over] }, options);
    expect(firing).toEqual({
      labels: {
        ...{ alertname: 'LevitateBreakerOpen', severity: 'critical', target: 'uplink' },
        ...{ service: 'fsu-controller', agent: 'host-1', region: 'eu' },
      },
      annotations: {
        summary: expect.stringContaining('no longer controlled'),
        description: open.text,
        runbook: expect.stringContaining('levitate fsu mode enforce'),
      },
      startsAt: '2026-01-02T03:03:05.000Z',
      endsAt: '2026-01-02T03:08:05.000Z',
    });
    expect(resolved).toMatchObject({ endsAt: '2026-01-02T03:04:05.000Z' });
  });

  it('leaves out labels that would have the whole message turned down, and keeps its own', () => {
    const labels = { 'not-a-name': 'x', empty: '', torn: '\ud800', good: 'g', target: 'other' };
    const [body] = alertmanagerBody({ alerts: [{ ...open, labels }] }, options);
    expect(Object.keys(body?.labels ?? {}).sort()).toEqual(
      ['alertname', 'good', 'region', 'service', 'severity', 'target'].sort(),
    );
    expect(body?.labels.target).toBe('uplink');
  });
});

describe('slackBody', () => {
  it('has a text for notifications and a block for each alert, with nothing to mention', () => {
    const { text, blocks } = slackBody({ alerts: [open, { ...over, target: '<!channel>' }] });
    expect(text).toBe('Levitate: 1 firing, 1 resolved: breaker-open, at-limit');
    expect(blocks).toMatchObject([
      { type: 'header', text: { type: 'plain_text', text } },
      { type: 'section', text: { type: 'mrkdwn', text: expect.any(String) } },
      { type: 'section', text: { type: 'mrkdwn', text: expect.any(String) } },
    ]);
    const [, first, second] = blocks as { text: { text: string } }[];
    expect(first?.text.text).toMatch(
      /^:red_circle: \*breaker-open\* uplink since <!date\^17673\d+\^\{.*\}\|2026-01-02T03:03:05/,
    );
    expect(first?.text.text).toContain('4 changes failed: &lt;no&gt; &amp; *route*');
    expect(second?.text.text).toContain(':white_check_mark: *at-limit* &lt;!channel&gt; was from');
  });

  it('stays within what Slack takes, however much there is', () => {
    const alerts = Array.from({ length: 300 }, (_, index) => ({
      ...open,
      target: `t${index}`.padEnd(128, '<'),
      text: '&'.repeat(1_000),
    }));
    const { text, blocks } = slackBody({ alerts });
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(text.length).toBeLessThanOrEqual(3_000);
    for (const block of blocks as { text?: { type: string; text: string } }[]) {
      const max = block.text?.type === 'plain_text' ? 150 : 3_000;
      expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(max);
    }
    expect(blocks.at(-1)).toMatchObject({ type: 'context', elements: [{ text: 'and 280 more' }] });
  });
});

describe('emailText', () => {
  it('says what happened and what to do, as plain text', () => {
    const { subject, text } = emailText({ alerts: [open, over] });
    expect(subject).toBe('Levitate: 1 firing, 1 resolved: breaker-open, at-limit');
    expect(text).toContain('breaker-open uplink (CRITICAL, since 2026-01-02T03:03:05.000Z)\n');
    expect(text).toContain('  What to do: See the log of the agent');
    expect(text).toContain('at-limit db (resolved: 2026-01-02T03:03:05.000Z to 2026-01-02T03:04');
    expect(emailText({ alerts: [over] }).subject).toBe('Levitate: resolved: at-limit db');
  });

  it('lets no target begin a header of its own, and is no longer than a hundred alerts', () => {
    const bad = { ...open, target: 'x\r\nBcc: all@example.org' };
    expect(emailText({ alerts: [bad] }).subject).toBe(
      'Levitate: breaker-open x Bcc: all@example.org',
    );
    const { text } = emailText({ alerts: Array(150).fill(open) });
    expect(text.match(/breaker-open uplink/g)).toHaveLength(100);
    expect(text).toContain('and 50 more');
  });
});
