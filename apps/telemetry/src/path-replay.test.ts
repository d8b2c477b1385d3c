import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { loadPathReplay } from './path-replay.ts';
import { pathTraceKinds } from './path-replay-series.ts';
import { afterTest, startForTest } from './testing/start-for-test.ts';

function traceFolder(files: Record<string, string | Buffer>): string {
  const directory = mkdtempSync(join(tmpdir(), 'levitate-traces-'));
  afterTest(() => rmSync(directory, { recursive: true }));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(directory, file, '..'), { recursive: true });
    writeFileSync(join(directory, file), content);
  }
  return directory;
}

it('a trace becomes a path that is labelled as replay', async () => {
  const file = 'bandwidth-oboe-1s/a.csv.gz';
  const data_directory = traceFolder({ [file]: gzipSync('t_s,mbps\n0,8\n1,16\n2,24\n') });
  const { client, readiness } = await startForTest({
    replay: { data_directory, paths: [{ file, path: 'a>b' }], repeat: false },
  });
  const window = async () => (await client.getPathWindow({ path: 'a>b' })).samples;
  await expect.poll(async () => (await window()).length, { timeout: 15_000 }).toBe(3);
  expect(await window()).toMatchObject(
    [1e6, 2e6, 3e6].map((bandwidthBytesPerSecond, index) => ({
      path: 'a>b',
      sequence: index + 1,
      intervalMs: 1000,
      bandwidthBytesPerSecond,
      origin: 'SAMPLE_ORIGIN_REPLAY',
    })),
  );
  expect((await window())[0]).not.toHaveProperty('lossRatio');
  expect((await client.listLinks({})).links).toEqual([]);
  expect(readiness.isReady).toBe(true);
});

it('a kind that says nothing of a path ends the start with what to do', async () => {
  const file = 'packets-us-ndpi/a.csv';
  const data_directory = traceFolder({ [file]: 't_us,wire_bytes\n0,1\n' });
  const start = startForTest({ replay: { data_directory, paths: [{ file, path: 'a' }] } });
  await expect(start).rejects.toMatchObject({
    code: 'trace-kind',
    nextStep: expect.stringContaining('bandwidth-oboe-1s'),
  });
});

const data = process.env.LEVITATE_DATA ?? '';
const directory = join(data, 'traces');
it.skipIf(data === '' || !existsSync(directory)).each(pathTraceKinds)(
  'the first recorded trace of %s is a path of values that can be',
  async (kind) => {
    const [first = ''] = readdirSync(join(directory, kind)).sort();
    const file = join(kind, first);
    const { series } = await loadPathReplay({
      directory,
      file,
      path: 'p',
      speed: 1,
      repeat: false,
    });
    const known = series.intervals.flatMap((interval) => interval ?? []);
    expect(known.length).toBeGreaterThan(50);
    for (const { bandwidthBytesPerSecond, lossRatio, roundTripSeconds } of known) {
      expect(bandwidthBytesPerSecond ?? 0).toBeLessThan(1e9);
      expect(bandwidthBytesPerSecond ?? 0).toBeGreaterThanOrEqual(0);
      expect(lossRatio ?? 0).toBeLessThanOrEqual(1);
      expect(roundTripSeconds ?? 0).toBeLessThan(60);
    }
    expect(known.some((each) => (each.bandwidthBytesPerSecond ?? 0) > 1000)).toBe(true);
    expect(known.some((each) => each.lossRatio !== undefined)).toBe(kind === '5g-udp-loss-100ms');
  },
);
