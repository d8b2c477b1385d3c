import { VirtualClock } from '@levitate/clock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { alertKinds } from './alert-kinds.ts';
import { openForTest } from './testing/open-for-test.ts';
import { WebhookServer } from './testing/webhook-server.ts';

const open = { kind: 'breaker-open', target: 'uplink', text: '4 failures' } as const;
const timeout = 10_000;

let server: WebhookServer;
beforeEach(async () => {
  server = await WebhookServer.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await server[Symbol.asyncDispose]();
});

const slack = (more: object = {}) => ({ format: 'slack', url: `${server.url}/hook`, ...more });
const titles = () => server.posted.map(({ body }) => (body as { text: string }).text);

describe('openAlerts', () => {
  it('tells what is raised and what is resolved, once each, to every receiver', async () => {
    const webhooks = [slack(), slack()];
    const { alerts, lines, metric } = openForTest({ group_wait_ms: 1, webhooks });
    alerts.raise(open);
    alerts.raise({ ...open, text: '5 failures' });
    await expect.poll(titles, { timeout }).toHaveLength(2);
    alerts.resolve('breaker-open', 'uplink');
    alerts.resolve('breaker-open', 'uplink');
    await expect.poll(titles, { timeout }).toHaveLength(4);
    expect(titles().slice(2)).toEqual(Array(2).fill('Levitate: resolved: breaker-open uplink'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^4 failures .*"alert":"breaker-open".*"nextStep":"See the log/);
    const delivered = { outcome: 'delivered', receiver: 'slack-2' };
    expect(await metric('fsu_alert_messages_total', delivered)).toBe(2);
    await alerts.close(100);
  });

  it('is log and metrics where nobody is to be told', async () => {
    const { alerts, lines, metric } = openForTest({});
    alerts.raise(open);
    expect(lines).toHaveLength(1);
    expect(await metric('fsu_firing_alerts', { kind: 'breaker-open' })).toBe(1);
    await alerts.close(0);
  });

  it('never waits for a receiver that hangs, and ends at the deadline', async () => {
    server.answer = () => {};
    const webhooks = [slack({ deadline_ms: 60_000 })];
    const { alerts, lines } = openForTest({ group_wait_ms: 0, webhooks });
    alerts.raise(open);
    await expect.poll(titles, { timeout }).toHaveLength(1);
    for (let index = 0; index < 1_000; index += 1) {
      alerts.raise({ ...open, target: `t${index % 50}` });
      alerts.resolve('breaker-open', `t${index % 50}`);
    }
    // Without the deadline this would take the minute that the receiver has.
    await alerts.close(20);
    expect(server.posted).toHaveLength(1);
    expect(lines.at(-1)).toContain('alerts cannot be told');
  });

  it('tries a receiver again that fails, at its pace, and says so once', async () => {
    server.answer = (response) => {
      response.statusCode = server.posted.length < 4 ? 503 : 200;
      response.end('down');
    };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const clock = new VirtualClock();
    const { alerts, lines, metric } = openForTest({ group_wait_ms: 0, webhooks: [slack()] }, clock);
    const failed = () => metric('fsu_alert_messages_total', { outcome: 'failed' });
    alerts.raise(open);
    for (const [index, waitMs] of [1_000, 2_000, 4_000].entries()) {
      await vi.waitUntil(async () => (await failed()) === index + 1, { timeout });
      expect(server.posted).toHaveLength(index + 1);
      clock.advance(waitMs);
      vi.advanceTimersByTime(waitMs);
    }
    await vi.waitUntil(async () => (await metric('fsu_untold_alerts')) === 0, { timeout });
    expect(server.posted).toHaveLength(4);
    expect(lines.filter((line) => line.includes('cannot be told'))).toHaveLength(1);
    expect(lines.at(-1)).toContain('alerts are told again');
    await alerts.close(0);
  });

  it('counts what had to wait because the hour had had its messages', async () => {
    const webhooks = [slack({ messages_per_hour_max: 1 })];
    const { alerts, metric } = openForTest({ group_wait_ms: 0, webhooks });
    alerts.raise(open);
    await expect.poll(() => metric('fsu_untold_alerts'), { timeout }).toBe(0);
    for (const target of ['a', 'b', 'c']) alerts.raise({ ...open, target });
    await expect.poll(() => metric('fsu_alert_throttled_total'), { timeout }).toBe(1);
    expect(server.posted).toHaveLength(1);
    await alerts.close(5_000);
    expect(titles()[1]).toBe('Levitate: 3 firing: breaker-open');
  });

  it('ends events by itself', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const clock = new VirtualClock();
    const { alerts, lines, metric } = openForTest({}, clock);
    alerts.raise({ kind: 'target-restarted', target: 'db', text: 'pid 4 is now 5' });
    const { lastsMs } = alertKinds['target-restarted'];
    clock.advance(lastsMs);
    vi.advanceTimersByTime(lastsMs);
    expect(lines.at(-1)).toContain('the alert is resolved');
    expect(await metric('fsu_firing_alerts')).toBe(0);
    await alerts.close(0);
  });
});
