import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { measureRequestTraces } from './request-traces.ts';

function dataFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-request-traces-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'traces', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

function secondsFile(count: number, at: (second: number) => number): string {
  const rows = Array.from({ length: count }, (_, second) => `${second},${at(second)}`);
  return `t_s,requests\n${rows.join('\n')}\n`;
}

describe('measureRequestTraces', () => {
  const context = {
    seed: 1,
    quick: true,
    outDir: tmpdir(),
    signal: new AbortController().signal,
    progress: () => {},
  };

  it('compares with the tuned reactive policy on every kind that is there', async () => {
    const bursty = (second: number) => 100 + (second % 97 < 6 ? 200 : 0) + (second % 5);
    const files = ['a', 'b', 'c'].map((name) => `requests-1s-autothrottle/${name}.csv`);
    const contents = files.map((file) => [file, secondsFile(900, bursty)]);
    const dataDirectory = dataFolder(Object.fromEntries(contents));
    const figures = await measureRequestTraces({ ...context, dataDirectory });
    for (const key of ['t4_1s_rejects_vs_tuned_reactive', 't4_5s_rejects_vs_tuned_reactive']) {
      expect(figures.metrics[key]).toBeGreaterThan(0);
      const kinds = figures.baseline[key] as Record<string, { rejected: Record<string, number> }>;
      expect(Object.keys(kinds)).toEqual(['requests-1s-autothrottle']);
      const { rejected = {} } = kinds['requests-1s-autothrottle'] ?? {};
      expect(Object.keys(rejected)).toEqual(
        expect.arrayContaining(['served', 'reactive', 'learned', 'forecast', 'oracle']),
      );
      expect(rejected.reactive).toBeGreaterThan(10);
      expect(rejected.oracle).toBeLessThan(rejected.reactive ?? 0);
    }
  });

  it('says that nothing was found in an empty folder', async () => {
    const figures = await measureRequestTraces({ ...context, dataDirectory: dataFolder({}) });
    expect(figures.metrics).toEqual({});
    expect(Object.keys(figures.notMeasured)).toEqual([
      't4_1s_rejects_vs_tuned_reactive',
      't4_5s_rejects_vs_tuned_reactive',
    ]);
  });
});
