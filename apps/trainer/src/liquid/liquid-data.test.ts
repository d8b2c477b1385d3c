import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { GENERATED, liquidData } from './liquid-data.ts';

function folder(files: number): string {
  const path = mkdtempSync(join(tmpdir(), 'levitate-liquid-data-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const kind = join(path, 'traces', 'bandwidth-oboe-1s');
  mkdirSync(kind, { recursive: true });
  for (let file = 0; file < files; file++) {
    const rows = Array.from({ length: 60 }, (_, t) => `${t},${1 + ((t * (file + 1)) % 7)}`);
    writeFileSync(join(kind, `${file}.csv`), ['t_s,mbps', ...rows].join('\n'));
  }
  return path;
}

it('splits each set by file, generated paths by seed, and names every file', () => {
  const data = liquidData({ dataDirectory: folder(10), seed: 1, quick: true });
  const counts = (part: 'training' | 'validation' | 'test') =>
    data[part].map(({ name, series }) => `${name} ${series.length}`);
  expect(counts('training')).toEqual(['oboe 6', `${GENERATED} 3`]);
  expect(counts('validation')).toEqual(['oboe 2', `${GENERATED} 3`]);
  expect(counts('test')).toEqual(['oboe 2', `${GENERATED} 3`]);
  expect(data.files).toHaveLength(10);
  expect(data.files[0]).toMatchObject({ path: 'traces/bandwidth-oboe-1s/0.csv' });
  const generated = (part: 'training' | 'test') => data[part].at(-1)?.series[0];
  expect(generated('training')).not.toEqual(generated('test'));
});

it('says what is missing where no set is there', () => {
  const read = () => liquidData({ dataDirectory: folder(0), seed: 1, quick: true });
  expect(read).toThrow(/has none of bandwidth-lumos5g-4g-1s/);
});
