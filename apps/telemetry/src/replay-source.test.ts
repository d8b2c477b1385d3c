import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { startForTest } from './testing/start-for-test.ts';
import { traceFolder } from './testing/trace-folder.ts';

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

const capacityFile = 'link-capacity-1ms/a.csv';
const header = 't_ms,packets_1500B';
const whole = gzipSync(capacity);

/** What is wrong, the file, its content, the code, and what the message says after the path. */
const badFiles: [string, string, string | Buffer | undefined, string, string][] = [
  ['is not there', capacityFile, undefined, 'trace-unreadable', ': ENOENT'],
  ['is of no known kind', 'holiday/a.csv', 'x', 'trace-kind', ' is in folder "holiday"'],
  ['has other columns', capacityFile, 'a,b\n1,2\n', 'trace-content', ':1: link-capacity-1ms'],
  ['is empty', capacityFile, '', 'trace-content', ':1: link-capacity-1ms starts with'],
  ['has no row', capacityFile, `${header}\n`, 'trace-content', ':2: no rows'],
  ['ends within a row', capacityFile, `${header}\n0,1\n1`, 'trace-content', ':3: 2 columns'],
  ['has a negative value', capacityFile, `${header}\n0,-1\n`, 'trace-content', ':2: packets_1500B'],
  ['is not in order', capacityFile, `${header}\n5,1\n4,1`, 'trace-content', ':3: time falls'],
  ['has a word for a number', capacityFile, `${header}\n0,x`, 'trace-content', ':2: packets_1500B'],
  ['covers a century', capacityFile, `${header}\n0,1\n3e12,1`, 'trace-content', ': 3000000000 s'],
  ['is no gzip', `${capacityFile}.gz`, 'no gzip', 'trace-unreadable', ': does not unpack'],
  ['was cut short', `${capacityFile}.gz`, whole.subarray(0, 30), 'trace-unreadable', ': does not'],
];

it.each(badFiles)(
  'a trace that %s ends the start with file, line and what to do',
  async (...at) => {
    const [, file, content, code, problem] = at;
    const data_directory = traceFolder(content === undefined ? {} : { [file]: content });
    const start = startForTest({ replay: { data_directory, traces: [{ file, link: 'a' }] } });
    await expect(start).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${join(data_directory, file)}${problem}`),
      nextStep: expect.any(String),
    });
  },
);

it('a trace that unpacks to more than can be held is refused before it is held', async () => {
  // 300 MiB of nothing pack into 300 KiB.
  const file = `${capacityFile}.gz`;
  const data_directory = traceFolder({ [file]: gzipSync(Buffer.alloc(300 * 1024 * 1024)) });
  const start = startForTest({ replay: { data_directory, traces: [{ file, link: 'a' }] } });
  await expect(start).rejects.toMatchObject({
    code: 'trace-unreadable',
    message: expect.stringContaining('unpacks to more than 268435456 bytes'),
  });
});

it('a folder is no trace', async () => {
  const data_directory = traceFolder({ [`${capacityFile}/b`]: '' });
  const traces = [{ file: capacityFile, link: 'a' }];
  const start = startForTest({ replay: { data_directory, traces } });
  await expect(start).rejects.toThrow('is no file');
});
