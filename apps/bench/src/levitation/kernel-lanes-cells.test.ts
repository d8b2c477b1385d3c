import { expect, it } from 'vitest';
import { countable, planPhases, startLimitBytes, UNCOUNTED_BURSTS } from './kernel-lanes-cells.ts';

const phases = planPhases({ seed: 1, quick: false });
const cells = phases.flatMap((phase) => phase.cells);

it('every cell has at least 5 traces and 40 bursts that count', () => {
  const keys = ['periodic', 'precursor', 'memoryless', 'infeasible', 'seed'];
  expect(cells.map((cell) => cell.key)).toEqual(keys);
  // Memoryless ramps are stated only; they run as long as the precursor cell beside them.
  for (const cell of cells.filter(({ key }) => key !== 'memoryless')) {
    const counted = cell.traces.map((plan) => countable(plan).length - UNCOUNTED_BURSTS);
    expect(cell.traces.length, cell.key).toBeGreaterThanOrEqual(5);
    expect(
      counted.reduce((a, b) => a + b, 0),
      cell.key,
    ).toBeGreaterThanOrEqual(40);
    expect(Math.min(...counted), cell.key).toBeGreaterThan(0);
  }
});

it('the run leaves the other tracks nine of the 25 minutes a bench may take', () => {
  const minutes = phases.reduce((sum, phase) => sum + phase.durationMs, 0) / 60_000;
  expect(minutes).toBeLessThan(16);
});

it('feasible bursts ask for 0.3 to 0.9 of the budget, infeasible ones for 1.5 to 4 times', () => {
  for (const cell of cells) {
    if (cell.key === 'seed') continue;
    const [least, most] = cell.key === 'infeasible' ? [1.5, 4] : [0.3, 0.9];
    for (const plan of cell.traces) {
      const mean =
        plan.bursts.reduce((sum, burst) => sum + burst.excessBytes, 0) / plan.bursts.length;
      // 5 % from burst to burst leave the mean of a trace within a tenth of what was drawn.
      expect(mean).toBeGreaterThan((least as number) * cell.budgetBytes * 0.9);
      expect(mean).toBeLessThan((most as number) * cell.budgetBytes * 1.1);
    }
  }
});

it('the seed pattern drains 9,500 packets a second and bursts to 10,000', () => {
  const seed = cells.find((cell) => cell.key === 'seed');
  expect(seed?.drainBytesPerSecond).toBe(9_500 * 1_500);
  expect(seed?.traces[0]?.bursts[0]).toMatchObject({ durationMs: 2_000, peakPps: 10_000 });
});

it('another seed gives other traffic, the same seed the same', () => {
  expect(planPhases({ seed: 1, quick: false })).toEqual(phases);
  const other = planPhases({ seed: 2, quick: false });
  expect(other[0]?.cells[0]?.traces[0]?.bursts).not.toEqual(phases[0]?.cells[0]?.traces[0]?.bursts);
});

it('a quick run is one phase of at most 35 s in which bursts count', () => {
  const quick = planPhases({ seed: 1, quick: true });
  expect(quick).toHaveLength(1);
  expect(quick[0]?.durationMs).toBeLessThanOrEqual(35_000);
  for (const cell of quick[0]?.cells ?? []) {
    for (const plan of cell.traces) {
      expect(countable(plan).length).toBeGreaterThan(UNCOUNTED_BURSTS);
    }
  }
});

it('the oracle has the budget less the 2 % that the envelope takes', () => {
  expect(startLimitBytes('oracle', 1_875_000)).toBe(1_837_500);
  expect(startLimitBytes('static-at-budget', 1_875_000)).toBe(1_875_000);
  expect(startLimitBytes('predictive', 1_875_000)).toBe(524_288);
});
