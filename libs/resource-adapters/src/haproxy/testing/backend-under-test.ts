import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import { Controller, type ControllerEvent, type ControllerOptions } from '@levitate/resource-sdk';
import { realHaproxy } from '@levitate/testing';
import { expect, onTestFinished, vi } from 'vitest';
import { HaproxyBackend } from '../haproxy-backend.ts';
import {
  ApiProxy,
  HaproxyLab,
  type LabSettings,
  type Outcome,
  playArrivals,
  poissonArrivals,
} from '../lab/index.ts';
import { RuntimeApi } from '../runtime-api.ts';

/** Requests/s that one unit of weight stands for here. */
export const perWeight = 10;
/** 600 requests/s: two servers of 200, two of 100. */
export const fourServers = [200, 200, 100, 100].map((ratePerSecond) => ({
  ratePerSecond,
  weight: ratePerSecond / perWeight,
}));

/** For single calls: far beyond what they take. */
export const soon = (): AbortSignal => AbortSignal.timeout(5_000);

/** A lab, the adapter before it, and something between them that tampers when it is told to. */
export async function startBackend(settings: Partial<LabSettings> = {}) {
  const program = realHaproxy.path;
  const lab = await HaproxyLab.start({ servers: fourServers, program, ...settings });
  onTestFinished(() => lab.stop());
  const { address, backend } = lab.source;
  const proxy = await ApiProxy.start(join(address.path, '..', 'proxy.sock'), address);
  onTestFinished(() => proxy.stop());
  const options = { address: proxy.address, backend, perWeight, windowMs: 500 };
  const resource = await HaproxyBackend.open({ ...options, handOffMs: 2_000 }, soon());
  const direct = new RuntimeApi(lab.source);
  const weights = async () =>
    (await direct.read(backend, soon())).servers.map(({ weight }) => weight);
  return { lab, proxy, resource, direct, weights };
}

/** What `startBackend` gives. */
export type BackendUnderTest = Awaited<ReturnType<typeof startBackend>>;

/** Requests at a rate until the test, or the signal, ends; the outcome of all of them. */
export function load(
  lab: HaproxyLab,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Outcome[]> {
  const rates = Array.from({ length: seconds }, () => perSecond);
  const arrivals = poissonArrivals(rates, new SeededRandom(perSecond));
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const playing = playArrivals(arrivals, { socketPath: lab.frontPath, signal: ending.signal });
  return playing.catch(() => []);
}

/** A controller that is quick, and all it says. */
export function rule(
  resource: HaproxyBackend,
  options: Partial<ControllerOptions> = {},
): { controller: Controller; events: ControllerEvent[] } {
  const events: ControllerEvent[] = [];
  const controller = new Controller({
    resource,
    model: 'optomechanical',
    holdMs: 1_000,
    periodMs: 50,
    deadlineMs: 300,
    maxChangesPerMinute: 60,
    handOffMs: 2_000,
    ...options,
    onEvent: (event) => void events.push(event),
  }).start();
  onTestFinished(() => controller.stop());
  return { controller, events };
}

/** Holds sooner or later. */
export function eventually(holds: () => unknown, timeoutMs = 8_000): Promise<void> {
  return vi.waitFor(async () => void (await holds()), { timeout: timeoutMs, interval: 50 });
}

/** The reasons of the newest decision. */
export function reasonsOf(events: readonly ControllerEvent[]): readonly string[] {
  const last = events.findLast((event) => event.kind === 'decision');
  return last?.kind === 'decision' ? last.decision.reasons : [];
}

/** Something of this kind was said. */
export function said(events: readonly ControllerEvent[], kind: ControllerEvent['kind']): void {
  expect(events.map((event) => event.kind)).toContain(kind);
}
