import { contracts, type predictor } from '@levitate/contracts';
import { type GrpcServer, RpcError, serve, startGrpcServer } from '@levitate/grpc-kit';
import { realChromium } from '@levitate/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { FakeServices } from './testdata/fake-services.ts';
import { openChromium, pageOverflow } from './testdata/open-chromium.ts';
import { type Started, startDashboard } from './testdata/start-dashboard.ts';

const timeout = 60_000;
const metrics = [
  { forecaster: 'learned', metric: 'brier_skill', validation: 0.9, test: 0.91 },
  { forecaster: 'periodic', metric: 'brier_skill', validation: 0.8, test: 0.82 },
];
const burst: predictor.ModelStatusInit = {
  ...{ name: 'burst', version: '1', capability: 'burst', family: 'lstm', backend: 'wasm' },
  ...{ state: 'MODEL_STATE_SERVING', parameters: 60_558 },
  classes: [{ trafficClass: 'periodic', winner: 'learned', chosenBy: 'brier_skill', metrics }],
  online: [
    {
      ...{ forecaster: 'learned', loss: 0.25, count: 12, serving: 2 },
      recent: { hits: 9, misses: 2, falseAlarms: 1 },
      total: { hits: 1900, misses: 2, falseAlarms: 1 },
    },
  ],
};
const bandwidth: predictor.ModelStatusInit = {
  ...{ name: 'bandwidth', version: '1', capability: 'bandwidth', family: 'lstm' },
  state: 'MODEL_STATE_SERVING',
  online: [{ forecaster: 'persistence', loss: 0.2134, count: 120, serving: 1 }],
  drift: { statistic: 'sum of errors', value: 1, threshold: 4, alarm: false, count: 120 },
};
const idle: predictor.ModelStatusInit = {
  ...{ name: 'idle', version: '1', capability: 'bandwidth', state: 'MODEL_STATE_SERVING' },
  drift: { statistic: 'sum of errors', value: 0, threshold: 4, alarm: false, count: 0 },
};
const report = '# Burst model\n\n| class | recall |\n|---|---|\n| periodic | 0.95 |\n';

realChromium.describe('the page of the models in a real Chromium', () => {
  const fake = new FakeServices();
  let predictorServer: GrpcServer;
  let dashboard: Started;
  let browser: Browser;

  beforeAll(async () => {
    await fake.start();
    const getModel = ({ name }: { name: string }) => {
      if (name === 'burst') return { status: burst, manifest: '{}', report };
      throw new RpcError({ code: 'NOT_FOUND', message: 'no such model' });
    };
    const rpcs = { listModels: () => ({ models: [burst, bandwidth, idle] }), getModel };
    const services = [serve(contracts.models, rpcs)];
    predictorServer = await startGrpcServer({ listen: '127.0.0.1:0', services });
    const peer = { address: predictorServer.address, ops: '127.0.0.1:1' };
    dashboard = await startDashboard(fake, { peers: { predictor: peer } });
    browser = await openChromium();
  }, timeout);

  afterAll(async () => {
    await browser?.close();
    await dashboard?.[Symbol.asyncDispose]();
    await predictorServer?.drain(0);
    await fake.stop();
  }, timeout);

  async function open(path: string, width = 1280) {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.goto(dashboard.url + path);
    await page.locator('[data-model]').first().waitFor({ timeout });
    return page;
  }

  realChromium.it(
    'shows how each model does against what really came, on a card of its own',
    async () => {
      const page = await open('/models');
      const text = (name: string) => page.locator(`[data-model="${name}"]`).textContent();
      const figures = (name: string) =>
        page.locator(`[data-model="${name}"] > table td`).allTextContents();
      expect(await figures('burst')).toEqual(['9 (1,900)', '2 (2)', '1 (1)', '2']);
      expect(await figures('bandwidth')).toEqual(['21.3 %', '120', '1']);
      expect(await text('bandwidth')).toContain('No drift');
      expect(await text('idle')).toContain('Nothing to compare in service yet');
      expect(await text('idle')).not.toContain('drift');
      const border = await page
        .locator('[data-model="burst"]')
        .evaluate((element) => getComputedStyle(element).borderTopWidth);
      expect(border).toBe('1px');
      await page.close();
    },
    timeout,
  );

  realChromium.it(
    'shows one model with its rivals and its report, without a scroll bar on a phone',
    async () => {
      const page = await open('/models?name=burst', 420);
      await page.locator('.report').waitFor({ timeout });
      expect(await page.locator('.report h3').first().textContent()).toBe('Burst model');
      expect(await page.locator('.report td').allTextContents()).toEqual(['periodic', '0.95']);
      expect(await page.locator('.winner th').first().textContent()).toBe('learned · won');
      const overflow = await page.evaluate(pageOverflow);
      expect(overflow).toBe(0);
      await page.close();
    },
    timeout,
  );
});
