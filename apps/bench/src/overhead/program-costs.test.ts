import { expect, it } from 'vitest';
import { costsBetween, netOfRounds } from './program-costs.ts';

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

it('takes of each round what the empty program cost in it, and leaves out rounds without', () => {
  const at = (runs: number, ns: number, empty: [runs: number, ns: number]) => ({
    programs: [program('a', runs, ns)],
    empty: { runCount: empty[0], runTimeNs: empty[1] },
  });
  const counts = [
    at(100, 9_000, [5, 700]),
    at(200, 19_000, [15, 1_200]),
    at(300, 69_000, [25, 3_700]),
    at(300, 69_000, [35, 4_200]),
    at(400, 79_000, [35, 4_200]),
  ];
  // 100 - 50; 500 - 250; then one of them did not run.
  expect([...netOfRounds(counts, 'a')]).toEqual([50, 250]);
  expect([...netOfRounds(counts, 'b')]).toEqual([]);
  expect([...netOfRounds([], 'a')]).toEqual([]);
});
