import { expect, it } from 'vitest';
import { PhaseCores } from './kernel-lanes-cores.ts';

/** A machine whose counters a test sets. */
function machine() {
  const at = { nowMs: 1_000, cpuSeconds: 7, stolen: [50, 900] };
  const processes = ['predictor', 'predictor-statistical'].map((name, i) => ({
    name,
    cpuSeconds: () => at.cpuSeconds * (i + 1),
  }));
  const clocks = { nowMs: () => at.nowMs, stolenMs: () => new Map(at.stolen.entries()) };
  return { at, cores: new PhaseCores(processes, clocks) };
}

it('what was taken before it was made does not count; two of a service are told apart', () => {
  const { at, cores } = machine();
  Object.assign(at, { nowMs: 11_000, cpuSeconds: 8 });
  expect(cores.byProcess()).toEqual({ predictor: 0.1, 'predictor-statistical': 0.2 });
});

it('the worse processor tells what the host took', () => {
  const { at, cores } = machine();
  Object.assign(at, { nowMs: 11_000, stolen: [350, 1_000] });
  expect(cores.stolenShare()).toBeCloseTo(0.03);
});
