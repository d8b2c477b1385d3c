import { describe, expect, it } from 'vitest';
import type { BenchFigures } from './bench.ts';
import { allNotMeasured, joinFigures, reportOf } from './report.ts';
import { reportTable } from './report-table.ts';

const bench = {
  name: 'demo',
  keys: [
    { key: 'drops', meaning: 'drops, ours / theirs', atMost: 0.05 },
    { key: 'delay_ms', meaning: 'delay', atMost: 150 },
    { key: 'gain', meaning: 'gain', atLeast: -0.05, atMost: 0.05 },
    { key: 'cpu', meaning: 'cores' },
  ],
};
const none: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };

describe('reportOf', () => {
  it('gives every key of the bench a figure or a reason', () => {
    const figures = { ...none, metrics: { drops: 0.01 }, notMeasured: { cpu: 'needs root' } };
    const report = reportOf(bench, figures, { seed: 1 });
    expect(report.metrics).toEqual({ drops: 0.01 });
    expect(report.notMeasured).toEqual({
      cpu: 'needs root',
      delay_ms: 'this run gave no figure for it',
      gain: 'this run gave no figure for it',
    });
    expect(Object.keys(report)).toEqual([
      'name',
      'metrics',
      'baseline',
      'environment',
      'notMeasured',
    ]);
  });

  it('lets no figure through that is not a finite number', () => {
    const metrics = { drops: Number.NaN, delay_ms: Number.POSITIVE_INFINITY };
    const report = reportOf(bench, { ...none, metrics }, {});
    expect(report.metrics).toEqual({});
    expect(report.notMeasured).toMatchObject({
      drops: 'came out as NaN',
      delay_ms: 'came out as Infinity',
    });
  });

  it('refuses a key that is measured and not measured at once', () => {
    const figures = { ...none, metrics: { drops: 1 }, notMeasured: { drops: 'no root' } };
    expect(() => reportOf(bench, figures, {})).toThrow(/drops is both/);
  });
});

describe('joinFigures', () => {
  it('joins parts and refuses two that give the same key', () => {
    const part = { ...none, metrics: { drops: 1 } };
    expect(joinFigures([part, allNotMeasured(['cpu'], 'later')])).toEqual({
      ...none,
      metrics: { drops: 1 },
      notMeasured: { cpu: 'later' },
    });
    expect(() => joinFigures([part, part])).toThrow(/metrics.drops/);
  });
});

describe('reportTable', () => {
  it('holds each figure against its bar and names what is missing with the reason', () => {
    const metrics = { drops: 0.2, delay_ms: 140, gain: -0.04, cpu: 0.5 };
    const table = reportTable(bench, reportOf(bench, { ...none, metrics }, {}));
    expect(table).toMatch(/drops +0\.200 +<= 0\.05 +MISSED/);
    expect(table).toMatch(/delay_ms +140 +<= 150 +met/);
    expect(table).toMatch(/gain +-0\.0400 +>= -0\.05, <= 0\.05 +met/);
    expect(table).toMatch(/cpu +0\.500 +stated/);
    const missing = reportTable(bench, reportOf(bench, allNotMeasured(['cpu'], 'needs root'), {}));
    expect(missing).toMatch(/not measured\n(.*\n)*? +cpu +needs root/);
  });
});
