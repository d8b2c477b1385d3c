import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import { drawArrivals } from '@levitate/queueing';
import { Controller, type ControllerEvent, type ControllerOptions } from '@levitate/resource-sdk';
import { realHaproxy } from '@levitate/testing';
import { expect, type TestContext, vi } from 'vitest';
import type { HaproxySource } from '../haproxy-address.ts';
import { HaproxyBackend } from '../haproxy-backend.ts';
import { HaproxyError } from '../haproxy-error.ts';
import { ApiProxy, HaproxyLab, type LabSettings, playRequests } from '../lab/index.ts';
import { RuntimeApi } from '../runtime-api.ts';

/** Requests/s that one unit of weight stands for here. */
const perWeight = 2;
/** 120 requests/s: no test is about how quick this machine is. */
const fourServers = [40, 40, 20, 20].map((ratePerSecond) => ({
  ratePerSecond,
  weight: ratePerSecond / perWeight,
  patienceMs: 60_000,
}));

/** For single calls: far beyond what they take. */
export const soon = (): AbortSignal => AbortSignal.timeout(5_000);

/** A lab, and the adapter before it; it ends with its test. */
export async function startBackend(test: TestContext, settings: Partial<LabSettings> = {}) {
  const program = realHaproxy.path;
  const lab = await HaproxyLab.start({ servers: fourServers, program, ...settings });
  test.onTestFinished(() => lab.stop());
  const direct = new RuntimeApi(lab.source);
  const weights = async () =>
    (await direct.read(lab.backend, soon())).servers.map(({ weight }) => weight);
  return { lab, resource: await open(lab.source), direct, weights };
}

/** As `startBackend`, with something between the two that tampers with what passes. */
export async function startTampered(test: TestContext) {
  const parts = await startBackend(test);
  const { address, backend } = parts.lab.source;
  const proxy = await ApiProxy.start(join(address.path, '..', 'proxy.sock'), address);
  test.onTestFinished(() => proxy.stop());
  return { ...parts, proxy, resource: await open({ address: proxy.address, backend }) };
}

function open(source: HaproxySource): Promise<HaproxyBackend> {
  return HaproxyBackend.open({ ...source, perWeight, handOffMs: 2_000 }, soon());
}

/** What `startBackend` gives. */
export type BackendUnderTest = Awaited<ReturnType<typeof startBackend>>;

/** Requests at a rate, until the test ends; resolves with the share of them that was served. */
export async function load(
  { test, lab }: { test: TestContext; lab: HaproxyLab },
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<number> {
  const rates = Array.from({ length: seconds }, () => perSecond);
  const arrivals = drawArrivals(rates, new SeededRandom(perSecond));
  const ending = new AbortController();
  test.onTestFinished(() => ending.abort());
  const { frontPath } = lab;
  const lateMs = Number.POSITIVE_INFINITY;
  const options = { frontPath, serviceMs: 25, lateMs, signal: ending.signal };
  const { delayMs } = await playRequests(arrivals, options);
  return delayMs.filter((ms) => !Number.isNaN(ms)).length / delayMs.length;
}

/** A controller that is quick, and all it says. */
export function rule(
  { test, resource }: { test: TestContext; resource: HaproxyBackend },
  options: Partial<ControllerOptions> = {},
): { controller: Controller; events: ControllerEvent[] } {
  const events: ControllerEvent[] = [];
  const controller = new Controller({
    resource,
    model: 'optomechanical',
    holdMs: 1_000,
    periodMs: 100,
    maxChangesPerMinute: 60,
    handOffMs: 2_000,
    ...options,
    onEvent: (event) => void events.push(event),
  }).start();
  test.onTestFinished(() => controller.stop());
  return { controller, events };
}

/** Holds sooner or later. */
export function eventually(holds: () => unknown, timeoutMs = 15_000): Promise<void> {
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

/** Codes of what failed, in words where there is none. */
export function failures(events: readonly ControllerEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.kind !== 'failed') return [];
    return [event.error instanceof HaproxyError ? event.error.code : String(event.error)];
  });
}
