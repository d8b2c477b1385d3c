import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import { loadModelFile, openReserveModel } from '@levitate/models';
import { openKernel } from '@levitate/neural';
import { expect, it } from 'vitest';
import { reserveTraining } from './reserve-training.ts';
import { contextIn, folder } from './testing/quick-context.ts';
import { TrainingDataError } from './training.ts';

function dataOf(days: readonly string[]): string {
  const data = folder();
  const traces = join(data, 'traces', 'requests-1s-twitter');
  mkdirSync(traces, { recursive: true });
  for (const day of days) {
    const random = new SeededRandom(day);
    const rows = Array.from({ length: 700 }, (_, second) => `${second},${random.poisson(30)}`);
    writeFileSync(join(traces, `${day}.csv`), `t_s,requests\n${rows.join('\n')}\n`);
  }
  return data;
}

it('writes a model that opens, alike twice, and names what each file was for', async () => {
  const data = dataOf(['a', 'b', 'c', 'd', 'e', 'f']);
  const out = folder();
  const run = (name: string) => reserveTraining(contextIn(data, join(out, name)));
  const files = await run('one');
  await run('two');
  const bytes = (name: string, file: string) => readFileSync(join(out, name, file));
  for (const file of ['manifest.json', 'weights.f32', 'report.md', 'report-rejects.svg']) {
    expect(files).toContain(join(out, 'one', file));
    expect(bytes('one', file).equals(bytes('two', file))).toBe(true);
  }
  const model = await loadModelFile(join(out, 'one'));
  expect(model.manifest.data.map(({ use }) => use)).toEqual([
    'training',
    'training',
    'training',
    'validation',
    'test',
    'test',
  ]);
  const demand = new Float64Array(50).fill(20);
  const opened = openReserveModel(model, await openKernel('wasm'));
  const curves = opened.capacities({ demand, startSecond: 0 }, 1);
  expect(curves.flatMap((curve) => [...curve]).every((value) => value > 0)).toBe(true);
});

it('says which folder it lacks', async () => {
  const run = reserveTraining(contextIn(folder(), folder()));
  await expect(run).rejects.toThrow(TrainingDataError);
  await expect(run).rejects.toThrow('requests-1s-twitter');
});
