import type { Sample } from '@levitate/series';
import { expect, it } from 'vitest';
import { linkSeries } from './link-series.ts';
import { WindowTable } from './window-table.ts';

function sample(link: string, step: number): Sample {
  return { link, origin: 'push', timeUnixMs: 1_700_000_000_000 + step * 100 };
}

it('a new link beyond the bound is refused and counted, the known ones go on', () => {
  const table = new WindowTable({ kind: linkSeries, seriesMax: 2 });
  const outcome = table.append([sample('a', 0), sample('b', 0), sample('c', 0), sample('a', 1)], 0);
  expect(outcome).toMatchObject({ accepted: 3, refused: 1 });
  expect(table.names()).toEqual(['a', 'b']);
});

it('the longest silent link gives its place to a new one, and only once it is idle', () => {
  const table = new WindowTable({ kind: linkSeries, seriesMax: 2, seriesIdleMs: 1000 });
  table.append([sample('a', 0), sample('b', 0)], 0);
  table.append([sample('a', 1)], 900);
  expect(table.append([sample('c', 10)], 1000).refused).toBe(1);
  expect(table.append([sample('c', 11)], 1001).accepted).toBe(1);
  expect(table.names()).toEqual(['a', 'c']);
});

it('a summary carries the counters of its link', () => {
  const table = new WindowTable({ kind: linkSeries });
  table.append([sample('a', 0), sample('a', 5), sample('a', 5), sample('a', -700)], 0);
  expect(table.summaries()).toEqual([
    {
      name: 'a',
      origin: 'push',
      newestUnixMs: 1_700_000_000_500,
      samples: 2,
      duplicate: 1,
      late: 1,
      gaps: 1,
      outOfOrder: 0,
      clockSteps: 0,
    },
  ]);
});
