import { contracts } from '@levitate/contracts';
import { RpcError, serve, startGrpcServer } from '@levitate/grpc-kit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FakeServices } from './testdata/fake-services.ts';
import { startDashboard } from './testdata/start-dashboard.ts';
import type { View } from './view.ts';

const patience = { timeout: 20_000, interval: 50 };
const fake = new FakeServices();
beforeAll(() => fake.start());
afterAll(() => fake.stop());

/** Events of the stream, parsed, until `enough` says so. */
async function readEvents(url: string, enough: (events: [string, View][]) => boolean) {
  const controller = new AbortController();
  const answer = await fetch(`${url}/api/stream`, { signal: controller.signal });
  const events: [string, View][] = [];
  let text = '';
  for await (const bytes of answer.body ?? []) {
    text += Buffer.from(bytes).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const match = /^event: (\w+)\ndata: (.*)$/.exec(part);
      if (match) events.push([match[1] ?? '', JSON.parse(match[2] ?? '')]);
    }
    if (enough(events)) break;
  }
  controller.abort();
  return events;
}

describe('the dashboard over HTTP', () => {
  it('gives both lanes as JSON: kernel, samples, counters, decisions, services', async () => {
    await using dashboard = await startDashboard(fake);
    const isFull = (view: View) =>
      view.lanes.length === 2 &&
      view.lanes.every(({ samples, counters }) => samples.length > 300 && counters) &&
      view.services.filter(({ state }) => state === 'up').length === 2 &&
      view.decisions.length > 0 &&
      view.host.programs.length > 0 &&
      view.state.kernel !== 'unknown';
    await vi.waitUntil(async () => isFull(await dashboard.view()), patience);
    const view = await dashboard.view();
    expect(view.state).toEqual({
      kernel: 'simulated',
      reason: expect.stringContaining('not root'),
    });
    expect(view.host).toEqual({
      capabilities: 2,
      missing: [
        {
          name: 'cap-net-admin',
          detail: 'CapEff 0000000000000000',
          fix: 'run as root, or grant CAP_NET_ADMIN',
        },
      ],
      links: ['reactive', 'predictive'].map((link) => ({
        ...{ link, interface: link, actuator: 'simulated', target: 'a simulated queue' },
        reason: '',
        unavailable: [{ actuator: 'qdisc', reason: 'no CAP_NET_ADMIN; run as root' }],
      })),
      programs: [
        {
          ...{ name: 'xdp_buffer_control', link: 'predictive', hook: 'xdp native' },
          ...{ detail: 'by a link', nanosecondsPerRun: 49 },
        },
        {
          ...{ name: 'levitate_kfree_skb', link: '', hook: 'none' },
          ...{ detail: 'the verifier refused it: unknown func', nanosecondsPerRun: null },
        },
      ],
      programsUnavailable: '',
    });
    expect(view.lanes.map(({ kind }) => kind)).toEqual(['reactive', 'predictive']);
    const [, predictive] = view.lanes;
    expect(predictive?.forecast?.levelBytesPerSecond).toHaveLength(10);
    expect(predictive?.samples.some(({ ahead }) => ahead !== null)).toBe(true);
    expect(predictive?.samples.length).toBeLessThanOrEqual(600);
    expect(view.decisions[0]).toMatchObject({ isApplied: true, text: expect.any(String) });
    const states = view.services.map(({ name, state }) => [name, state]);
    expect(states).toEqual([
      ['ebpf-agent', 'up'],
      ['telemetry', 'down'],
      ['predictor', 'down'],
      ['fsu-controller', 'up'],
    ]);
    expect(view.services[1]?.why).toContain('nobody answers at 127.0.0.1:1');
  });

  it('streams the whole picture first and then what changed, in order, without a gap', async () => {
    await using dashboard = await startDashboard(fake);
    const isFilled = async () => (await dashboard.view()).lanes[0]?.samples.length === 600;
    await vi.waitUntil(isFilled, patience);
    const events = await readEvents(dashboard.url, (all) => all.length >= 6);
    expect(events[0]?.[0]).toBe('picture');
    expect(events.slice(1).every(([name]) => name === 'update')).toBe(true);
    const times = events.flatMap(([, { lanes }]) =>
      (lanes[0]?.samples ?? []).map(({ timeUnixMs }) => timeUnixMs),
    );
    const unique = [...new Set(times)].sort((left, right) => left - right);
    expect(unique.length).toBeGreaterThan(5);
    const held = (await dashboard.view()).lanes[0]?.samples.map(({ timeUnixMs }) => timeUnixMs);
    const between = held?.filter(
      (time) => time >= (unique[0] ?? 0) && time <= (unique.at(-1) ?? 0),
    );
    expect(between?.filter((time) => !unique.includes(time))).toEqual([]);
  });

  it('serves the page from its own files alone, under a strict policy', async () => {
    await using dashboard = await startDashboard(fake);
    const page = await fetch(dashboard.url);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const html = await page.text();
    const paths = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    const vendors = [...html.matchAll(/"(\/vendor\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(paths.length + vendors.length).toBeGreaterThan(6);
    const waiting = [...paths, ...vendors];
    const seen = new Set<string>();
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      expect(path).toMatch(/^\//);
      const answer = await fetch(dashboard.url + path);
      expect(answer.status, path).toBe(200);
      const text = await answer.text();
      expect(text, path).not.toMatch(/@import|url\(\s*["']?http/);
      if (!path.endsWith('.ts')) continue;
      const imports = text.matchAll(/^import .*? from '\.\/([^']+)'/gm);
      for (const [, name] of imports) waiting.push(`/page/${name}`);
    }
    expect(seen).toContain('/page/plot.ts');
    const etag = page.headers.get('etag') ?? '';
    const again = await fetch(dashboard.url, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  it('does not serve its tests, its sources or anything else', async () => {
    await using dashboard = await startDashboard(fake);
    for (const path of ['/page/format.test.ts', '/page/../main.ts', '/main.ts', '/view.ts', '/x']) {
      expect((await fetch(dashboard.url + path)).status, path).toBe(404);
    }
    expect((await fetch(`${dashboard.url}/api/lanes`, { method: 'POST' })).status).toBe(404);
  });

  it('shows the predictor’s models, each with its baselines, drift and report', async () => {
    const status = {
      ...{ name: 'bandwidth', version: '1', state: 'MODEL_STATE_DEMOTED' as const, why: 'wrong' },
      classes: [
        {
          ...{ trafficClass: '4g', winner: 'bandwidth', chosenBy: 'wape of the mean' },
          metrics: [
            { forecaster: 'bandwidth', metric: 'wape', validation: 0.2 },
            { forecaster: 'persistence', metric: 'wape', validation: 0.25, test: 0.24 },
            { forecaster: 'persistence', metric: 'mae', validation: 7 },
          ],
        },
      ],
      online: [
        { forecaster: 'persistence', loss: 0.2, count: 7, serving: 1 },
        {
          ...{ forecaster: 'learned', loss: 0.25, count: 4, serving: 2 },
          recent: { hits: 3, misses: 1, falseAlarms: 0 },
          total: { hits: 30, misses: 1, falseAlarms: 2 },
        },
      ],
      drift: { statistic: 'sum', value: 3, threshold: 2, alarm: true, count: 9 },
    };
    const getModel = ({ name }: { name: string }) => {
      if (name === 'bandwidth') return { status, manifest: '{}', report: '# How it did' };
      throw new RpcError({ code: 'NOT_FOUND', message: 'no such model' });
    };
    const rpcs = { listModels: () => ({ models: [status] }), getModel };
    const services = [serve(contracts.models, rpcs)];
    await using predictor = await startGrpcServer({ listen: '127.0.0.1:0', services });
    const peer = { address: predictor.address, ops: '127.0.0.1:1' };
    await using dashboard = await startDashboard(fake, { peers: { predictor: peer } });
    const json = async (path: string) => (await fetch(dashboard.url + path)).json();
    const rows = [
      { forecaster: 'bandwidth', validation: 0.2, test: null },
      { forecaster: 'persistence', validation: 0.25, test: 0.24 },
    ];
    const shown = {
      ...{ name: 'bandwidth', state: 'demoted', why: 'wrong', drift: { isRaised: true } },
      classes: [{ trafficClass: '4g', winner: 'bandwidth', rows }],
      online: [{ ...status.online[0], recent: null, total: null }, status.online[1]],
    };
    expect(await json('/api/models')).toMatchObject({ why: '', models: [shown] });
    const page = await json('/api/models/bandwidth');
    expect(page).toMatchObject({ model: shown, report: '# How it did' });
    expect((await fetch(`${dashboard.url}/api/models/x`)).status).toBe(404);
    const html = await (await fetch(`${dashboard.url}/models`)).text();
    expect(html).toContain('/page/models.ts');
  });

  it('says why there are no models to show', async () => {
    await using dashboard = await startDashboard(fake);
    const view = await (await fetch(`${dashboard.url}/api/models`)).json();
    expect(view).toEqual({ models: [], why: expect.stringContaining('127.0.0.1:1') });
  });

  it('has the operations routes on its own port', async () => {
    await using dashboard = await startDashboard(fake);
    expect((await fetch(`${dashboard.url}/livez`)).status).toBe(200);
    expect((await fetch(`${dashboard.url}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${dashboard.url}/metrics`)).text();
    expect(metrics).toContain('levitate_dashboard_viewers 0');
  });

  it('answers 503 to a page beyond the bound, and takes it when another leaves', async () => {
    await using dashboard = await startDashboard(fake, { viewers_max: 1 });
    const controller = new AbortController();
    const first = await fetch(`${dashboard.url}/api/stream`, { signal: controller.signal });
    expect(first.status).toBe(200);
    expect((await fetch(`${dashboard.url}/api/stream`)).status).toBe(503);
    controller.abort();
    await vi.waitUntil(async () => {
      const next = new AbortController();
      const { status } = await fetch(`${dashboard.url}/api/stream`, { signal: next.signal });
      next.abort();
      return status === 200;
    }, patience);
  });
});

describe('when services go and come back', () => {
  it('keeps the lanes, says who is down and why, and goes on when they return', async () => {
    await using dashboard = await startDashboard(fake);
    const stateOf = async (name: string) =>
      (await dashboard.view()).services.find((service) => service.name === name)?.state;
    const newest = async () => (await dashboard.view()).lanes[0]?.samples.at(-1)?.timeUnixMs ?? 0;
    await vi.waitUntil(async () => (await stateOf('fsu-controller')) === 'up', patience);
    const [agent, controller] = [fake.agent, fake.controller];

    await controller?.drain(0);
    await vi.waitUntil(async () => (await stateOf('fsu-controller')) === 'down', patience);
    const alone = await newest();
    // The agent's samples go on without the controller.
    await vi.waitUntil(async () => (await newest()) > alone, patience);
    expect((await dashboard.view()).lanes).toHaveLength(2);

    await agent?.drain(0);
    await vi.waitUntil(async () => (await stateOf('ebpf-agent')) === 'down', patience);
    expect((await dashboard.view()).state.kernel).toBe('simulated');
    const frozen = await newest();

    await fake.startController(controller?.address);
    await fake.startAgent(agent?.address);
    await vi.waitUntil(async () => (await newest()) > frozen, patience);
    await vi.waitUntil(async () => (await stateOf('ebpf-agent')) === 'up', patience);
  });

  it('calls a service degraded that answers but does not serve', async () => {
    await using dashboard = await startDashboard(fake);
    fake.agent?.setServing('', false);
    const agent = async () =>
      (await dashboard.view()).services.find(({ name }) => name === 'ebpf-agent');
    await vi.waitUntil(async () => (await agent())?.state === 'degraded', patience);
    expect((await agent())?.why).toContain('not serving');
    fake.agent?.setServing('', true);
    await vi.waitUntil(async () => (await agent())?.state === 'up', patience);
  });
});
