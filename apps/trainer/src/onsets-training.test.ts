import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import { loadModelFile, openRequestOnsets } from '@levitate/models';
import { openKernel } from '@levitate/neural';
import { expect, it } from 'vitest';
import { onsetsTraining } from './onsets-training.ts';
import { contextIn, folder } from './testing/quick-context.ts';
import { TrainingDataError } from './training.ts';

const DAYS = ['a', 'b', 'c', 'd', 'e', 'f'];
const SECONDS = 1300;

/** Days that burst ten minutes after midnight, give or take. */
function dataOf(days: readonly string[]): string {
  const data = folder();
  const traces = join(data, 'traces', 'requests-1s-twitter');
  mkdirSync(traces, { recursive: true });
  for (const day of days) {
    const random = new SeededRandom(day);
    const onset = 600 + Math.floor(20 * random.float());
    const rows = Array.from({ length: SECONDS }, (_, second) => {
      const isBurst = second >= onset && second < onset + 15;
      return `${second},${random.poisson(isBurst ? 250 : 40)}`;
    });
    writeFileSync(join(traces, `${day}.csv`), `t_s,requests\n${rows.join('\n')}\n`);
  }
  return data;
}

it('writes a model that opens, alike twice, and says which days were for what', async () => {
  const data = dataOf(DAYS);
  const out = folder();
  const run = (name: string) => onsetsTraining(contextIn(data, join(out, name)));
  const files = await run('one');
  await run('two');
  const bytes = (name: string, file: string) => readFileSync(join(out, name, file));
  for (const file of ['manifest.json', 'weights.f32', 'report.md', 'report-precision-recall.svg']) {
    expect(files).toContain(join(out, 'one', file));
    expect(bytes('one', file).equals(bytes('two', file))).toBe(true);
  }
  const model = await loadModelFile(join(out, 'one'));
  const tested = model.manifest.data.filter(({ use }) => use === 'test');
  expect(tested.map(({ path }) => path.at(-5))).toEqual(['e', 'f']);
  const opened = openRequestOnsets(model, await openKernel('wasm'));
  expect(opened.hasWon).toBe(
    model.manifest.classes['requests-1s-twitter']?.winner === model.manifest.name,
  );
  const report = bytes('one', 'report.md').toString('utf8');
  expect(report).toContain('Learned from and chosen by: a, b, c, d (4 onsets).');
  expect(report).toContain('Scored once: e, f (2 onsets).');
});

it('says how many days it needs and where it looked', async () => {
  const run = onsetsTraining(contextIn(dataOf(DAYS.slice(0, 3)), folder()));
  await expect(run).rejects.toThrow(TrainingDataError);
  await expect(run).rejects.toThrow(/needs 6 days .*requests-1s-twitter, found 3/);
});
