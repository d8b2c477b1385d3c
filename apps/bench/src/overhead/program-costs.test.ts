import { expect, it } from 'vitest';
import { costsBetween } from './program-costs.ts';

function program(name: string, runCount: number, runTimeNs: number) {
  return { name, link: '', hook: 'tcx', detail: '', xdpMode: '', runCount, runTimeNs };
}

it('divides what was added by what was run, each program once', () => {
  const before = [program('a', 100, 5_000), program('b', 7, 70)];
  const after = [program('a', 300, 15_000), program('a', 300, 15_000), program('b', 7, 70)];
  expect(costsBetween(before, after)).toEqual({ nsPerRun: { a: 50 }, runs: { a: 200 } });
});

it('takes a program that was not there before from zero', () => {
  expect(costsBetween([], [program('a', 10, 400)]).nsPerRun).toEqual({ a: 40 });
});
