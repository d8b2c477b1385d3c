import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import {
  BandwidthForecaster,
  type BandwidthTrace,
  bandwidthSpec,
  evaluateBandwidth,
} from '@levitate/models';
import { Network, openKernel } from '@levitate/neural';
import { expect, it, onTestFinished } from 'vitest';
import { writeBandwidthReport } from './bandwidth-report.ts';
import type { BandwidthResults } from './bandwidth-training.ts';
import type { TrainingContext } from './training.ts';

function trace(seed: string): BandwidthTrace {
  const random = new SeededRandom(seed);
  const bandwidthBytesPerSecond = Float64Array.from({ length: 130 }, () =>
    random.uniform(1e6, 2e6),
  );
  const empty = new Float64Array(130).fill(Number.NaN);
  const series = { bandwidthBytesPerSecond, roundTripSeconds: empty, lossRatio: empty };
  return { set: '4g', file: `${seed}.csv`, sha256: '', series };
}

it('a report says what was measured, and by which command; its pictures are whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-bandwidth-report-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const spec = bandwidthSpec({ answers: 'last step' });
  const network = new Network(spec, { kernel: await openKernel('auto'), seed: 1 });
  const learned = { roundTrip: false, loss: false, time: false };
  const forecaster = new BandwidthForecaster({ id: 'bandwidth@1', members: [network], learned });
  const traces = ['a', 'b'].map(trace);
  const scored = await evaluateBandwidth({ forecaster, traces, training: traces });
  const history = [{ epoch: 1, loss: 0.7, validation: 0.9 }];
  const outcome = { parameters: [], bestEpoch: 1, history, variant: 'simd' };
  const results: BandwidthResults = {
    members: [{ variant: { dropout: 0.2 }, network, outcome }],
    forecaster,
    parts: traces.map((each) => ({ trace: each, part: 'test' })),
    validation: scored,
    test: scored,
  };
  const context = { seed: 7, workers: 2, quick: false, reportDirectory: folder };
  const [report, ...pictures] = writeBandwidthReport(context as TrainingContext, results);
  const text = readFileSync(report ?? '', 'utf8');
  expect(text).toContain('levitate train bandwidth --seed 7 --workers 2');
  const accuracy = scored[0]?.scores['last value']?.accuracy.toFixed(4);
  expect(text).toContain(`| last value | ${accuracy} | 0.0 % |`);
  expect(text).toMatch(/- member 1: epoch 1 of 1, 0\.9000;\n {2}dropout 0\.2, traces as they are/);
  for (const line of text.split('\n'))
    if (!line.startsWith('|')) expect(line.length).toBeLessThan(101);
  expect(pictures).toHaveLength(4);
  for (const picture of pictures) {
    expect(text).toContain(`](${picture.split('/').at(-1)})`);
    expect(readFileSync(picture, 'utf8')).not.toContain('NaN');
  }
});
