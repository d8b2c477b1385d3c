import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { afterTest, startForTest } from './testing/start-for-test.ts';

function procFolder() {
  const directory = mkdtempSync(join(tmpdir(), 'levitate-proc-'));
  afterTest(() => rmSync(directory, { recursive: true }));
  const write = (bytes: number, device = 'lev0') =>
    writeFileSync(
      join(directory, 'dev'),
      `header\n${device}: 0 0 0 0 0 0 0 0 ${bytes} 1 0 0 0 0 0 0\n`,
    );
  return { directory, write };
}

const links = [{ interface: 'lev0', link: 'uplink' }];

it('interfaces of a host without an agent become links of origin proc', async () => {
  const { directory, write } = procFolder();
  write(1000);
  const { client, readiness } = await startForTest({ proc: { links, directory, interval_ms: 10 } });
  const window = async () => (await client.getWindow({ link: 'uplink' })).samples;
  await expect.poll(async () => (await window()).length, { timeout: 10_000 }).toBeGreaterThan(3);
  const [first] = await window();
  expect(first).toMatchObject({ origin: 'SAMPLE_ORIGIN_PROC', throughputBytesPerSecond: 0 });
  expect(first).not.toHaveProperty('queueBytes');
  expect(first).not.toHaveProperty('connectionsPerSecond');
  expect(readiness.isReady).toBe(true);
});

it('an interface that is not there is said, and found when it comes', async () => {
  const { directory, write } = procFolder();
  write(1000, 'lev1');
  const { client, readiness } = await startForTest({ proc: { links, directory, interval_ms: 10 } });
  expect(readiness.components[0]?.why).toContain('no interface lev0');
  write(1000);
  const held = async () => (await client.listLinks({})).links.length;
  await expect.poll(held, { timeout: 10_000 }).toBe(1);
  expect(readiness.isReady).toBe(true);
});

it('a host without /proc is said with the next step', async () => {
  const { readiness } = await startForTest({ proc: { links, directory: '/nonexistent' } });
  expect(readiness.components[0]?.why).toContain('set proc.links to []');
});
