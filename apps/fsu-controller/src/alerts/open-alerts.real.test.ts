import { realAiosmtpd, realAlertmanager } from '@levitate/testing';
import { expect, it } from 'vitest';
import { openForTest } from './testing/open-for-test.ts';
import { RealAlertmanager } from './testing/start-alertmanager.ts';
import { startSmtpSink } from './testing/start-smtp-sink.ts';
import { WebhookServer } from './testing/webhook-server.ts';

const timeout = 20_000;
const open = { kind: 'breaker-open', target: 'uplink', text: '4 changes failed' } as const;

/** What Alertmanager passed on: a line for each alert, in its order. */
function passedOn({ posted }: WebhookServer): string[] {
  return posted.flatMap(({ body }) =>
    (body as { alerts: { status: string; labels: Record<string, string> }[] }).alerts.map(
      ({ status, labels }) => `${labels.alertname} ${labels.target} ${status}`,
    ),
  );
}

realAlertmanager.describe('alerts told to a real Alertmanager', () => {
  it('arrive once however often they are raised, and are resolved', async () => {
    await using webhook = await WebhookServer.start();
    await using alertmanager = await RealAlertmanager.start(webhook.url);
    const { alerts, metric } = openForTest({
      ...{ group_wait_ms: 20, labels: { region: 'eu' } },
      webhooks: [{ format: 'alertmanager', url: alertmanager.url, repeat_ms: 1_000 }],
    });
    for (let times = 0; times < 20; times += 1) {
      for (const target of ['uplink', 'db']) {
        alerts.raise({ ...open, target, labels: { agent: 'host-1' } });
      }
    }
    const states = async () =>
      (await alertmanager.alerts()).map(({ labels, status }) => [labels.target, status.state]);
    await expect.poll(states, { timeout }).toHaveLength(2);
    const [held] = await alertmanager.alerts();
    expect(held).toMatchObject({
      labels: {
        ...{ alertname: 'LevitateBreakerOpen', severity: 'critical', service: 'fsu-controller' },
        ...{ region: 'eu', agent: 'host-1' },
      },
      annotations: { description: '4 changes failed', runbook: expect.any(String) },
      status: { state: 'active' },
    });
    // Told again and again, it stays the same alert: it ends later each time.
    const endsMs = async () => Date.parse((await alertmanager.alerts())[0]?.endsAt ?? '');
    const before = await endsMs();
    await expect.poll(endsMs, { timeout }).toBeGreaterThan(before);
    alerts.resolve('breaker-open', 'db');
    await expect.poll(states, { timeout }).toEqual([['uplink', 'active']]);
    await expect.poll(() => passedOn(webhook), { timeout }).toHaveLength(3);
    expect(passedOn(webhook).sort()).toEqual([
      'LevitateBreakerOpen db firing',
      'LevitateBreakerOpen db resolved',
      'LevitateBreakerOpen uplink firing',
    ]);
    expect(await metric('fsu_alerts_raised_total', { outcome: 'again' })).toBe(38);
    expect(await metric('fsu_firing_alerts')).toBe(1);
    await alerts.close(1_000);
  });

  it('wait while it is down, and arrive when it is back', async () => {
    await using webhook = await WebhookServer.start();
    await using alertmanager = await RealAlertmanager.start(webhook.url);
    await alertmanager.crash();
    const { alerts, lines, metric } = openForTest({
      group_wait_ms: 0,
      webhooks: [{ format: 'alertmanager', url: alertmanager.url }],
    });
    alerts.raise(open);
    const failures = () => metric('fsu_alert_messages_total', { outcome: 'unreachable' });
    await expect.poll(failures, { timeout }).toBeGreaterThan(0);
    expect(await metric('fsu_untold_alerts')).toBe(1);
    await alertmanager.restart();
    await expect.poll(() => alertmanager.alerts(), { timeout }).toHaveLength(1);
    await expect.poll(() => metric('fsu_untold_alerts'), { timeout }).toBe(0);
    expect(lines.map((line) => line.split(' {')[0])).toEqual([
      '4 changes failed',
      'alerts cannot be told; tried again',
      'alerts are told again',
    ]);
    await alerts.close(1_000);
  });
});

realAiosmtpd.describe('alerts told by a real mail server', () => {
  it('come in one mail, after STARTTLS and a login', async () => {
    await using sink = await startSmtpSink();
    const { alerts, metric } = openForTest({ group_wait_ms: 50, smtp: sink.config });
    alerts.raise(open);
    alerts.raise({ kind: 'at-limit', target: 'größe', text: 'wants 9 MB of 8 MB' });
    await expect.poll(() => sink.mails, { timeout }).toHaveLength(1);
    const [mail] = sink.mails;
    expect(mail).toMatchObject({ tls: true, authenticated: true, from: sink.config.from });
    expect(mail?.to).toEqual(sink.config.to);
    expect(mail?.text).toMatch(/^Subject: Levitate: 2 firing: breaker-open, at-limit\r?$/m);
    expect(mail?.text).toMatch(/4 changes failed/);
    alerts.resolve('breaker-open', 'uplink');
    await alerts.close(5_000);
    await expect.poll(() => sink.mails, { timeout }).toHaveLength(2);
    expect(sink.mails[1]?.text).toMatch(/^Subject: Levitate: resolved: breaker-open uplink\r?$/m);
    expect(await metric('fsu_alert_messages_total', { outcome: 'delivered' })).toBe(2);
  });

  it('go to nobody whose certificate comes from elsewhere', async () => {
    await using sink = await startSmtpSink();
    const { alerts, lines, metric } = openForTest({
      group_wait_ms: 0,
      smtp: { ...sink.config, ca_file: '' },
    });
    alerts.raise(open);
    const refused = () => metric('fsu_alert_messages_total', { outcome: 'refused' });
    await expect.poll(refused, { timeout }).toBe(1);
    expect(lines.at(-1)).toMatch(/self-signed certificate.*see alerts.smtp/);
    expect(sink.mails).toEqual([]);
    await alerts.close(1_000);
  });
});
