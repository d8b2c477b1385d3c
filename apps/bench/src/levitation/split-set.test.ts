import type { Sample } from '@levitate/series';
import { expect, it } from 'vitest';
import { ControlledSplit } from './shared-memory-split.ts';
import { type LimitMoves, SplitSet } from './split-set.ts';

const memoryBytes = 2_250_001;
const links = ['a', 'b', 'c'];

function newSet(): SplitSet {
  return new SplitSet({ links, split: new ControlledSplit({ memoryBytes, queues: links.length }) });
}

function sample(link: string, tick: number, over: Partial<Sample> = {}): Sample {
  const base = { throughputBytesPerSecond: 1e6, queueBytes: 0, queueHighWaterBytes: 0 };
  const at = { link, timeUnixMs: 1e12 + 100 * tick, intervalMs: 100, origin: 'kernel' } as const;
  return { ...at, ...base, drainBytesPerSecond: 12.5e6, droppedBytes: 0, ...over };
}

/** One tick in which `full` asks for more than it has, and the others for nothing. */
function tickOf(set: SplitSet, tick: number, full: string): LimitMoves {
  const need = { queueHighWaterBytes: 1.5e6, queueBytes: 2e5, droppedBytes: 1e5 };
  const samples = links.map((link) => sample(link, tick, link === full ? need : {}));
  return set.step({ samples, nowMs: samples[0]?.timeUnixMs ?? 0 });
}

it('begins with whole floors and moves nothing until every link was heard', () => {
  const set = newSet();
  expect(set.limitBytes).toEqual(links.map(() => Math.floor((0.25 * memoryBytes) / 3)));
  const only = { samples: [sample('a', 0), sample('x', 0)], nowMs: 1e12 };
  expect(set.step(only)).toEqual({ falls: [], rises: [] });
});

it('goes by what was confirmed: a rise that was refused is asked for again', () => {
  const set = newSet();
  const asked = tickOf(set, 0, 'b');
  expect(asked.rises.map(({ link }) => link)).toEqual(['b']);
  expect(set.changes).toBe(0);
  const again = tickOf(set, 1, 'b');
  expect(again.rises.map(({ link }) => link)).toEqual(['b']);
  for (const rise of again.rises) set.confirm(rise);
  expect(set.changes).toBe(1);
  expect(set.limitBytes[1]).toBe(again.rises[0]?.limitBytes);
});

it('tells falls apart from rises, and its limits never exceed the memory', () => {
  const set = newSet();
  let hasFallen = false;
  for (let tick = 0; tick < 600; tick++) {
    const { falls, rises } = tickOf(set, tick, links[Math.floor(tick / 200)] as string);
    hasFallen ||= falls.length > 0;
    for (const move of [...falls, ...rises]) set.confirm(move);
  }
  expect(hasFallen).toBe(true);
  expect(set.limitBytes.every(Number.isInteger)).toBe(true);
  expect(set.limitsMostBytes).toBeGreaterThan(0.6 * memoryBytes);
  expect(set.limitsMostBytes).toBeLessThanOrEqual(memoryBytes);
});
