import { contracts, type fsuController } from '@levitate/contracts';
import { serve, startGrpcServer } from '@levitate/grpc-kit';
import { realChromium } from '@levitate/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { FakeServices, restOfController } from './testdata/fake-services.ts';
import { openChromium, pageOverflow } from './testdata/open-chromium.ts';
import { type Started, startDashboard } from './testdata/start-dashboard.ts';

const timeout = 60_000;

const queue: fsuController.TargetInit = {
  ...{ name: 'uplink', mode: 'MODE_ENFORCE', leaseHeld: true, unit: 'bytes' },
  ...{ resource: 'RESOURCE_KIND_BUFFER', model: 'optomechanical', reasons: ['below-setpoint'] },
  ...{ limitBytes: 1_048_576, limitBytesMin: 524_288, limitBytesMax: 16_777_216 },
  ...{ originalLimitBytes: 524_288, utilisation: 0.61, setpoint: 0.7, latencyBudgetMs: 150 },
  shadow: {
    ...{ measuredDroppedBytes: 1_024, reactiveDroppedBytes: 205_824 },
    ...{ staticDroppedBytes: 1_048_576, seconds: 60 },
  },
};
const pool: fsuController.TargetInit = {
  ...{ name: 'shop', mode: 'MODE_ENFORCE', leaseHeld: true, unit: 'connections', canary: true },
  ...{ resource: 'RESOURCE_KIND_CONNECTION_POOL', source: 'pgbouncer://ops@db/shop' },
  ...{ limitBytes: 24, limitBytesMin: 4, limitBytesMax: 64, originalLimitBytes: 20 },
  ...{ canaryEnforces: true, force: 0.4, changes: 3, metrics: { waitingClients: 2 } },
};
const broken: fsuController.TargetInit = {
  ...{ name: 'heap', mode: 'MODE_ENFORCE', breaker: 'BREAKER_STATE_OPEN', unit: 'bytes' },
  ...{ resource: 'RESOURCE_KIND_MEMORY', reasons: ['not-measured'], leaseHeld: true },
};
const decision: fsuController.DecisionInit = {
  ...{ id: 7, target: 'shop', timeUnixMs: Date.UTC(2026, 0, 1), applied: true },
  text: 'Raise 20 connections to 24 connections: it is fuller than its setpoint.',
  unit: 'connections',
};
const canary: fsuController.CanaryInit = {
  ...{ phase: 'CANARY_PHASE_SOAKING', stage: 1, stages: 4, hosts: 10, enforcingHosts: ['db'] },
  ...{ soakRemainingSeconds: 7_200, resource: 'RESOURCE_KIND_CONNECTION_POOL' },
  enforcing: { hosts: 1, dropShare: 0.0004, p99DelayMs: 12 },
  rest: { hosts: 9, dropShare: 0.001, p99DelayMs: 15 },
};

realChromium.describe('the page of the resources in a real Chromium', () => {
  const fake = new FakeServices();
  let isPaused = false;
  let stopController: () => Promise<void>;
  let dashboard: Started;
  let browser: Browser;

  beforeAll(async () => {
    await fake.start();
    const server = await startGrpcServer({
      listen: '127.0.0.1:0',
      services: [
        serve(contracts.fsuController, {
          ...restOfController,
          listTargets: () => ({ targets: [queue, pool, broken], paused: isPaused }),
          async *streamTicks() {},
          listDecisions: () => ({ decisions: [decision] }),
          getCanary: () => ({ canaries: [canary] }),
        }),
      ],
    });
    stopController = () => server.drain(0);
    const peer = { address: server.address, ops: '127.0.0.1:1' };
    dashboard = await startDashboard(fake, { peers: { fsu_controller: peer } });
    browser = await openChromium();
  }, timeout);

  afterAll(async () => {
    await browser?.close();
    await dashboard?.[Symbol.asyncDispose]();
    await fake.stop();
  }, timeout);

  realChromium.it(
    'shows each resource in its unit, what keeps it, what was done last, and the roll-out',
    async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      await page.goto(`${dashboard.url}/resources`);
      const panel = (name: string) => page.locator(`[data-resource="${name}"]`);
      await panel('shop').waitFor({ timeout });
      expect(await panel('shop').locator('.size').textContent()).toBe(
        '24 connections within 4 to 64',
      );
      const text = await panel('shop').textContent();
      expect(text).toContain('enforce, in control');
      expect(text).toContain('Raise 20 connections to 24 connections');
      expect(text).toContain('0.40 towards more');
      expect(text).toContain('Waiting clients 2');
      expect(await panel('heap').locator('.status').textContent()).toBe(
        'enforce, breaker open, does not answer',
      );
      expect(await panel('uplink').locator('.shadow strong').textContent()).toBe('200 KB');
      const rollout = await page.locator('[data-canary="connection pool"]').textContent();
      expect(rollout).toContain('1 of 10 hosts enforce · stage 2 of 4, next in 2 h 0 min');
      await panel('shop').locator('svg polyline').waitFor({ state: 'attached', timeout });
      isPaused = true;
      await page.locator('.banner').waitFor({ timeout });
      await page.setViewportSize({ width: 420, height: 900 });
      expect(await page.evaluate(pageOverflow)).toBe(0);
      expect(problems).toEqual([]);
      await stopController();
      const status = page.locator('.empty');
      await expect.poll(() => status.textContent(), { timeout }).toMatch(/does not answer/);
      await page.close();
    },
    timeout,
  );
});
