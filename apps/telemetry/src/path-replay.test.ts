import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type PathInterval, type PathTraceKind, pathTraceKinds } from '@levitate/traffic';
import { expect, it } from 'vitest';
import { loadPathReplay } from './path-replay.ts';
import { startForTest } from './testing/start-for-test.ts';
import { traceFolder } from './testing/trace-folder.ts';

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

const directory = join(process.env.LEVITATE_DATA ?? '', 'traces');
const isHere = process.env.LEVITATE_DATA !== undefined && existsSync(directory);

/** What the files of a kind measure beside bandwidth; video streams of 5G were never pinged. */
const besideBandwidth: { readonly [Kind in PathTraceKind]?: keyof PathInterval } = {
  '5g-udp-loss-100ms': 'lossRatio',
  '5g-download-1s': 'roundTripSeconds',
};

for (const kind of pathTraceKinds) {
  it(`the recorded traces of ${kind} are paths of what can be`, async (at) => {
    if (!isHere) at.skip('LEVITATE_DATA names no folder with traces/');
    const files = readdirSync(join(directory, kind)).filter((file) => file.endsWith('.csv.gz'));
    const measured = new Set<string>();
    for (const name of files) {
      const file = join(kind, name);
      const replay = await loadPathReplay({ directory, file, path: 'p', speed: 1, repeat: false });
      expect(replay.series.intervalMs).toBe(1000);
      const known = replay.series.intervals.flatMap((interval) => interval ?? []);
      expect(known.length, name).toBeGreaterThan(50);
      expect(known.find(isImpossible), name).toBeUndefined();
      for (const [field, value] of known.flatMap((each) => Object.entries(each))) {
        if (value !== undefined) measured.add(field);
      }
    }
    const expected = ['bandwidthBytesPerSecond', besideBandwidth[kind] ?? []].flat();
    expect([...measured].sort()).toEqual(expected.sort());
  });
}

function isImpossible(interval: PathInterval): boolean {
  const { bandwidthBytesPerSecond = 0, lossRatio = 0, roundTripSeconds = 0 } = interval;
  const isSound =
    bandwidthBytesPerSecond >= 0 &&
    bandwidthBytesPerSecond < 1e9 &&
    lossRatio >= 0 &&
    lossRatio <= 1 &&
    roundTripSeconds >= 0 &&
    roundTripSeconds < 3600;
  return !isSound;
}
