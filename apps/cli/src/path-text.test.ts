import type { telemetry } from '@levitate/contracts';
import { expect, it } from 'vitest';
import { pathLines, pathState, pathsShownMax } from './path-text.ts';

const status = (path: string): telemetry.PathStatus => ({
  ...{ path, origin: 'SAMPLE_ORIGIN_REPLAY', newestUnixMs: 10_000, samples: 1_234 },
  ...{ duplicate: 0, late: 0, gaps: 2, outOfOrder: 0, clockSteps: 0 },
});
const newest = {
  ...{ path: 'eu-1>us-2', timeUnixMs: 10_000, origin: 'SAMPLE_ORIGIN_REPLAY' },
  ...{ bandwidthBytesPerSecond: 1.25e7, lossRatio: 0.0125 },
} as telemetry.PathSample;

it('a path says what it delivers, where that comes from and how old it is', () => {
  expect(pathLines([pathState(status('eu-1>us-2'), newest)], 13_400)).toEqual([
    [
      'PATH       BANDWIDTH   ROUND TRIP  LOSS   FROM    NEWEST   SAMPLES  GAPS',
      'eu-1>us-2  100 Mbit/s  -           1.3 %  replay  3 s ago    1,234     2',
    ].join('\n'),
  ]);
});

it('where no path is known nothing is said', () => {
  expect(pathLines([], 0)).toEqual([]);
});

it('a name moves no cursor, and those beyond the bound are counted', () => {
  const paths = Array.from({ length: pathsShownMax + 3 }, (_, index) =>
    pathState(status(`p${index}\u001b[2J`), undefined),
  );
  const [table = '', more] = pathLines(paths, 10_000);
  expect(table.split('\n')).toHaveLength(1 + pathsShownMax);
  expect(table).not.toContain('\u001b');
  expect(more).toBe('and 3 more; -o json has them');
});
