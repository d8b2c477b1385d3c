import type { ForecasterRecord } from '@levitate/forecast';
import { expect, it } from 'vitest';
import { burstInService, type LinkRecords } from './burst-in-service.ts';

/** Outcomes of late; in all there were twice as many. */
function recordOf(
  forecaster: string,
  [hits, misses, falseAlarms]: readonly [number, number, number],
  isCalibrated = false,
): ForecasterRecord {
  const scored = (times: number) => ({
    ...{ onsets: times * (hits + misses), hits: times * hits, misses: times * misses },
    ...{ falseAlarms: times * falseAlarms, precision: undefined, recall: undefined },
    ...{ leadsMs: [], leadMsMedian: undefined, dutyRatio: undefined },
  });
  const record = (hits + 1) / (hits + misses + falseAlarms + 2);
  return { forecaster, score: scored(2), recent: scored(1), record, isCalibrated };
}

const link = (serving: string, ...scores: ForecasterRecord[]): LinkRecords => ({ serving, scores });

it('adds up hits, misses and false alarms over the links, of late and in all', () => {
  const { online, demoted } = burstInService('learned', [
    link('learned', recordOf('periodic', [4, 8, 1]), recordOf('learned', [9, 3, 0], true)),
    link('periodic', recordOf('periodic', [12, 0, 1]), recordOf('learned', [11, 1, 2], true)),
  ]);
  expect(online).toEqual([
    {
      ...{ name: 'periodic', loss: 1 - 16 / 26, count: 26, serving: 1 },
      recent: { hits: 16, misses: 8, falseAlarms: 2 },
      total: { hits: 32, misses: 16, falseAlarms: 4 },
    },
    {
      ...{ name: 'learned', loss: 1 - 20 / 26, count: 26, serving: 1 },
      recent: { hits: 20, misses: 4, falseAlarms: 2 },
      total: { hits: 40, misses: 8, falseAlarms: 4 },
    },
  ]);
  expect(demoted).toBe('');
});

it('leaves out links whose samples do not suit the model', () => {
  const other = link('periodic', recordOf('periodic', [3, 0, 0]), recordOf('onsets', [0, 3, 0]));
  expect(burstInService('onsets', [other])).toEqual({ online: [], demoted: '' });
  const both = [...other.scores, recordOf('learned', [3, 0, 0], true)];
  const { online } = burstInService('learned', [link('learned', ...both)]);
  expect(online.map(({ name }) => name)).toEqual(['periodic', 'learned']);
});

it('calls a model demoted where another has the better record on every link', () => {
  const better = link('x', recordOf('periodic', [9, 1, 0]), recordOf('learned', [4, 6, 3], true));
  const worse = link('x', recordOf('periodic', [1, 9, 0]), recordOf('learned', [4, 6, 3], true));
  const young = link('x', recordOf('periodic', [2, 0, 0]), recordOf('learned', [1, 1, 0], true));
  expect(burstInService('learned', [better, better]).demoted).toContain('better record');
  expect(burstInService('learned', [better, worse]).demoted).toBe('');
  expect(burstInService('learned', [better, young]).demoted).toBe('');
  expect(burstInService('learned', [young]).demoted).toBe('');
});
