import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
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

const capacity = 't_ms,packets_1500B\n0,1\n150,2\n290,4\n';

it('a trace becomes a link that is labelled as replay, over and over', async () => {
  const file = 'link-capacity-1ms/lte.csv.gz';
  const data_directory = traceFolder({ [file]: gzipSync(capacity) });
  const { client, readiness } = await startForTest({
    replay: { data_directory, traces: [{ file, link: 'lte' }], speed: 1 },
  });
  const window = async () => (await client.getWindow({ link: 'lte' })).samples;
  await expect.poll(async () => (await window()).length, { timeout: 15_000 }).toBeGreaterThan(3);
  const samples = await window();
  expect(new Set(samples.map(({ origin }) => origin))).toEqual(new Set(['SAMPLE_ORIGIN_REPLAY']));
  expect(samples.slice(0, 4).map(({ packetsPerSecond }) => packetsPerSecond)).toEqual([
    10, 20, 40, 10,
  ]);
  expect(readiness.isReady).toBe(true);
});

it('a trace that is not repeated ends with its last interval', async () => {
  const file = 'link-capacity-1ms/lte.csv';
  const data_directory = traceFolder({ [file]: capacity });
  const { client } = await startForTest({
    replay: { data_directory, traces: [{ file, link: 'lte' }], repeat: false },
  });
  const count = async () => (await client.getWindow({ link: 'lte' })).samples.length;
  await expect.poll(count, { timeout: 15_000 }).toBe(3);
});

it.each([
  ['that is not there', 'link-capacity-1ms/none.csv', {}, 'trace-unreadable'],
  ['of no known kind', 'holiday/a.csv', { 'holiday/a.csv': 'x' }, 'trace-kind'],
  [
    'that is not of its kind',
    'link-capacity-1ms/a.csv',
    { 'link-capacity-1ms/a.csv': 'a,b\n1,2\n' },
    'trace-content',
  ],
  [
    'that does not unpack',
    'link-capacity-1ms/a.csv.gz',
    { 'link-capacity-1ms/a.csv.gz': 'no gzip' },
    'trace-unreadable',
  ],
])('a trace %s ends the start with what to do', async (_name, file, files, code) => {
  const data_directory = traceFolder(files as unknown as Record<string, string>);
  const start = startForTest({ replay: { data_directory, traces: [{ file, link: 'a' }] } });
  await expect(start).rejects.toMatchObject({ code, nextStep: expect.any(String) });
});
