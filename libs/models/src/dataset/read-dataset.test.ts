import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetOnset } from './dataset-manifest.ts';
import { type LabelledLink, readDatasetLinks, readDatasetManifest } from './read-dataset.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'levitate-dataset-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const row = (name: string, timeUnixMs: number, fields: object = {}) => ({
  ...{ name, timeUnixMs, intervalMs: 100, origin: 'replay' },
  ...fields,
});

function write(lines: { samples: readonly object[]; onsets?: readonly object[] }): void {
  const text = (each: readonly object[]) =>
    each.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(join(folder, 'train.samples.jsonl'), text(lines.samples));
  writeFileSync(join(folder, 'train.onsets.jsonl'), text(lines.onsets ?? []));
}

async function links(): Promise<LabelledLink[]> {
  const found: LabelledLink[] = [];
  for await (const link of readDatasetLinks(folder, 'train')) found.push(link);
  return found;
}

describe('readDatasetLinks', () => {
  it('gives each link with its onsets, numbers alone as measured', async () => {
    const onset: DatasetOnset = { name: 'b', timeUnixMs: 1150, source: 'detected', magnitude: 4 };
    const far = { ...onset, timeUnixMs: 9000 };
    write({
      samples: [
        row('a', 1000),
        row('b', 1100, { packetsPerSecond: 5, queueBytes: null }),
        row('b', 1200),
      ],
      onsets: [far, onset, { ...onset, name: 'a', timeUnixMs: 5 }],
    });
    const [a, b, ...rest] = await links();
    expect(rest).toEqual([]);
    expect(a).toMatchObject({ name: 'a', onsets: [] });
    expect(b?.onsets).toEqual([onset]);
    expect(b?.samples[0]).toEqual({
      ...{ link: 'b', timeUnixMs: 1100, intervalMs: 100, origin: 'replay', packetsPerSecond: 5 },
    });
  });

  it('begins another stretch after a silence and at a step back in time', async () => {
    write({ samples: [1000, 1100, 11_100, 11_101, 21_200, 500].map((time) => row('a', time)) });
    expect((await links()).map(({ samples }) => samples.length)).toEqual([4, 1, 1]);
  });

  it.each([
    ['{"name":"a","timeUnixMs":1}\n{"na', /train\.samples\.jsonl line 2: /],
    ['7\n', /line 1: no object/],
    ['{"name":"a"}\n', /line 1: a sample has a name and a timeUnixMs/],
  ])('refuses %s by its line', async (text, says) => {
    write({ samples: [] });
    writeFileSync(join(folder, 'train.samples.jsonl'), text);
    await expect(links()).rejects.toThrow(says);
  });

  it('refuses an onset that is none, and a part that is not there', async () => {
    write({ samples: [], onsets: [{ name: 'a', timeUnixMs: 1, source: 'guessed' }] });
    await expect(links()).rejects.toThrow(/train\.onsets\.jsonl line 1: .*source/);
    rmSync(join(folder, 'train.onsets.jsonl'));
    await expect(links()).rejects.toThrow(/train\.onsets\.jsonl cannot be read: ENOENT/);
  });
});

describe('readDatasetManifest', () => {
  it('refuses another form, and says how a dataset is made', async () => {
    const refused = expect(readDatasetManifest(folder)).rejects;
    await refused.toMatchObject({ nextStep: expect.stringContaining('levitate dataset') });
    writeFileSync(join(folder, 'dataset.json'), '{"kind":"levitate-dataset","format":2}');
    await expect(readDatasetManifest(folder)).rejects.toThrow(/dataset\.json is no manifest/);
  });
});
