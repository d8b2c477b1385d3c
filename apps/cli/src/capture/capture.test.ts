import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedServices } from '../testing/scripted-services.ts';
import { type CaptureRow, readCapture } from './capture-file.ts';
import { makeDataset } from './make-dataset.ts';
import { runCapture } from './run-capture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-capture-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const rowsOf = async (file: string) => {
  const rows: CaptureRow[] = [];
  const header = await readCapture(file, (row) => rows.push(row));
  return { header, rows };
};

describe('levitate capture', () => {
  it('records what passes, with schema, units and origin, and overwrites nothing', async () => {
    await using services = await ScriptedServices.start();
    const file = join(folder, 'one.jsonl');
    const stop = new AbortController();
    const options = {
      ...{ file, series: 'link' as const, names: ['lane-*'], tls: undefined, samplesMax: 3 },
      ...{ address: services.addresses.telemetry, signal: stop.signal },
    };
    const samples = ['lane-a', 'other', 'lane-a', 'lane-a', 'lane-a'].map((link, index) => ({
      ...{ link, timeUnixMs: 1e12 + index, throughputBytesPerSecond: 5 },
      origin: 'SAMPLE_ORIGIN_KERNEL' as const,
    }));
    services.samples.tell({ samples, lost: 4 });
    const outcome = await runCapture(options);
    expect(outcome).toMatchObject({ samples: 3, names: 1, lost: 4 });
    const { header, rows } = await rowsOf(file);
    expect(header).toMatchObject({ series: 'link', units: { queueBytes: 'bytes' } });
    expect(header.origin.source).toContain(services.addresses.telemetry);
    expect(rows[0]).toEqual({
      ...{ name: 'lane-a', origin: 'kernel', throughputBytesPerSecond: 5 },
      timeUnixMs: 1e12,
    });
    await expect(runCapture(options)).rejects.toThrow(/is there already/);
  });
});

/** A capture of one link with a burst every 20 s. */
async function writeCapture(file: string, seconds: number): Promise<void> {
  const header = {
    ...{ kind: 'levitate-capture', format: 1, series: 'link', units: {} },
    origin: { source: 'a test', startedUnixMs: 0 },
  };
  const lines: object[] = [header];
  for (let index = 0; index < seconds * 10; index++) {
    const inBurst = index % 200 >= 150 && index % 200 < 155;
    const throughputBytesPerSecond = inBurst ? 1.2e7 : 1e6;
    const timeUnixMs = 1_700_000_000_000 + index * 100;
    lines.push({
      name: 'a',
      origin: 'push',
      timeUnixMs,
      intervalMs: 100,
      throughputBytesPerSecond,
    });
  }
  await writeFile(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
}

const linesOf = async (file: string) =>
  (await readFile(join(folder, file), 'utf8')).split('\n').filter((line) => line !== '');

describe('levitate dataset', () => {
  it('labels onsets and splits by time, with a gap between the parts', async () => {
    const capture = join(folder, 'one.jsonl');
    await writeCapture(capture, 2_000);
    const options = { captures: [capture], folder, bursts: 0, seed: '1' };
    const { splits, captures } = await makeDataset(options);
    expect(captures[0]).toMatchObject({ file: 'one.jsonl', samples: 20_000 });
    expect(splits.train).toEqual({ samples: 12_000, onsets: 60 });
    expect(splits.validation.samples).toBeGreaterThan(3_300);
    expect(splits.validation.samples).toBeLessThan(3_500);
    expect(splits.test.onsets).toBe(17);
    const last = JSON.parse((await linesOf('train.samples.jsonl')).at(-1) ?? '');
    const next = JSON.parse((await linesOf('validation.samples.jsonl'))[0] ?? '');
    expect(next.timeUnixMs - last.timeUnixMs).toBeGreaterThan(59_000);
  });

  it('mixes generated bursts in, the same bytes for the same seed', async () => {
    const options = { captures: [], folder, bursts: 8, seed: 'x', linkMs: 60_000 };
    const one = await makeDataset(options);
    const before = await readFile(join(folder, 'train.samples.jsonl'));
    expect(one.generated.bursts).toBeGreaterThanOrEqual(8);
    const onsets = Object.values(one.splits).reduce((sum, part) => sum + part.onsets, 0);
    expect(onsets).toBe(one.generated.bursts);
    expect(await makeDataset(options)).toEqual(one);
    expect(before.equals(await readFile(join(folder, 'train.samples.jsonl')))).toBe(true);
  });

  it('passes over a torn last line and refuses what is no capture', async () => {
    const file = join(folder, 'one.jsonl');
    await writeCapture(file, 1);
    await writeFile(file, `${await readFile(file, 'utf8')}{"name":"a","ti`);
    expect((await rowsOf(file)).rows).toHaveLength(10);
    await writeFile(file, '{"kind":"other"}\n');
    await expect(rowsOf(file)).rejects.toThrow(/does not begin with the header/);
    await writeCapture(file, 1);
    await writeFile(file, `${await readFile(file, 'utf8')}{"name":"a"}\n`);
    await expect(rowsOf(file)).rejects.toThrow(/line 12: .*timeUnixMs|line 12: origin/);
    await expect(rowsOf(join(folder, 'none'))).rejects.toThrow(/ENOENT/);
  });
});
