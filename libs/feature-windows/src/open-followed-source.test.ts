import { VirtualClock } from '@levitate/clock';
import { afterEach, expect, it, vi } from 'vitest';
import { sampleAt } from './conformance/conformance.ts';
import { linksUnderTest } from './conformance/series-under-test.ts';
import { serveWindows } from './conformance/serve-windows.ts';
import { MemoryFeatureWindows } from './memory-feature-windows.ts';
import { openFollowedSource } from './open-followed-source.ts';
import { followedSource } from './windows-config.ts';

const clock = new VirtualClock();
const { kind } = linksUnderTest;
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function openAt(address: string, config: object = {}) {
  const states: [boolean, string][] = [];
  const windows = await openFollowedSource({
    kind,
    config: followedSource.parse(config),
    address,
    clock,
    onState: (...state) => states.push(state),
  });
  cleanups.push(() => windows.close());
  return { windows, states };
}

it('over gRPC it says that it waits for telemetry, then that it has it', async () => {
  const behind = new MemoryFeatureWindows({ kind, clock });
  await behind.append([sampleAt('a', 1)]);
  const server = await serveWindows({ links: behind });
  cleanups.push(() => server.drain(0));
  const { windows, states } = await openAt(server.address);
  expect(states).toEqual([[false, `${server.address}: not connected yet`]]);
  const { signal } = new AbortController();
  for await (const { samples } of windows.follow({ backlog: true, signal })) {
    expect(samples).toHaveLength(1);
    break;
  }
  expect(states.at(-1)).toEqual([true, '']);
});

it('Redis that is away is named with the reason and without the secret in its URL', async () => {
  const redis = { url: 'redis://:hunter2@127.0.0.1:1' };
  const { states } = await openAt('127.0.0.1:1', { source: 'redis', redis });
  expect(states[0]).toEqual([false, 'redis at redis://127.0.0.1:1: not connected yet']);
  await vi.waitFor(() => expect(states.length).toBeGreaterThan(1), { timeout: 10_000 });
  expect(states.at(-1)?.[0]).toBe(false);
  expect(states.at(-1)?.[1]).toMatch(/^redis at redis:\/\/127\.0\.0\.1:1: \S/);
  expect(JSON.stringify(states)).not.toContain('hunter2');
});

it('a password that cannot be read is an error of the start, and of Redis alone', async () => {
  const redis = { password_file: '/nonexistent/password' };
  const refused = openAt('127.0.0.1:1', { source: 'redis', redis });
  await expect(refused).rejects.toMatchObject({ code: 'password-unreadable' });
  await openAt('127.0.0.1:1', { source: 'grpc', redis });
});
