import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BurstCorpus } from '@levitate/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { datasetCorpora } from './dataset-corpora.ts';
import { isDataset } from './is-dataset.ts';

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'levitate-corpora-'));
  mkdirSync(join(folder, 'checkpoints'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A dataset of one link with a burst every 20 s; so many seconds of it in each part. */
function writeDataset(seconds: { train: number; validation: number; test: number }): void {
  const splits = { train: counts(), validation: counts(), test: counts() };
  const manifest = { kind: 'levitate-dataset', format: 1, units: {}, rule: 'by time', seed: '1' };
  const more = { captures: [], generated: { bursts: 0, links: 0 }, splits };
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify({ ...manifest, ...more }));
  for (const [part, length] of Object.entries(seconds)) {
    writeFileSync(join(folder, `${part}.samples.jsonl`), samplesText('a', length));
    const onsets = Array.from({ length: Math.floor(length / 20) }, (_, index) => ({
      ...{ name: 'a', timeUnixMs: 1e12 + index * 20_000 + 15_000, source: 'detected' },
      magnitude: 8,
    }));
    const text = onsets.map((onset) => `${JSON.stringify(onset)}\n`).join('');
    writeFileSync(join(folder, `${part}.onsets.jsonl`), text);
  }
}

const counts = () => ({ samples: 0, onsets: 0 });

function samplesText(name: string, seconds: number): string {
  return Array.from({ length: seconds * 10 }, (_, index) => {
    const inBurst = index % 200 >= 150 && index % 200 < 155;
    const throughputBytesPerSecond = inBurst ? 8e6 : 1e6;
    const timeUnixMs = 1e12 + (index + 1) * 100;
    return `${JSON.stringify({ name, timeUnixMs, intervalMs: 100, throughputBytesPerSecond })}\n`;
  }).join('');
}

const corpora = () =>
  datasetCorpora({
    ...{ dataDirectory: folder, checkpointDirectory: join(folder, 'checkpoints') },
    ...{ signal: new AbortController().signal, say: (line: string) => void said.push(line) },
  });

describe('the corpora of a dataset', () => {
  it('are one a part, calibration taken out of validation, their origin told', async () => {
    writeDataset({ train: 200, validation: 600, test: 80 });
    expect(isDataset(folder)).toBe(true);
    const { files, data, rule } = await corpora();
    const traces = Object.entries(files).map(([part, file]) => {
      const { traces: count, seconds } = BurstCorpus.read(file);
      return [part, count, seconds];
    });
    expect(traces).toEqual([
      ['training', 1, 200],
      ['validation', 1, 300],
      ['calibration', 1, 300],
      ['test', 1, 80],
    ]);
    expect(rule).toBe('by time');
    expect(data.map(({ use }) => use)).toEqual(['training', 'validation and calibration', 'test']);
    expect(new Set(data.map(({ sha256 }) => sha256)).size).toBe(3);
  });

  it('have other names once the dataset is another', async () => {
    writeDataset({ train: 60, validation: 600, test: 60 });
    const before = (await corpora()).files.training;
    appendFileSync(join(folder, 'train.samples.jsonl'), samplesText('b', 60));
    expect((await corpora()).files.training).not.toBe(before);
  });

  it('leave out a link that is too short, and say so', async () => {
    writeDataset({ train: 60, validation: 600, test: 60 });
    appendFileSync(join(folder, 'train.samples.jsonl'), samplesText('short', 5));
    await corpora();
    expect(said).toContain('train part: short is left out, 5 s of 12');
  });

  it('are refused with what to do where a part holds too little or is torn', async () => {
    writeDataset({ train: 60, validation: 60, test: 60 });
    await expect(corpora()).rejects.toThrow(
      /validation part holds too little[\s\S]*next: capture for/,
    );
    writeDataset({ train: 60, validation: 600, test: 60 });
    appendFileSync(join(folder, 'test.samples.jsonl'), '{"na');
    await expect(corpora()).rejects.toThrow(
      /test\.samples\.jsonl line 601: [\s\S]*next: make it again/,
    );
    rmSync(join(folder, 'test.onsets.jsonl'));
    await expect(corpora()).rejects.toThrow(/test\.onsets\.jsonl is missing/);
  });
});
