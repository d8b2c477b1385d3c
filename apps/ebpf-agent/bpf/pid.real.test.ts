import { realBpf } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { synFrame } from './testing/packets.ts';
import { type PidGains, type PidState, pidStep, SETPOINT } from './testing/pid-reference.ts';
import { Programs } from './testing/programs.ts';
import { QueueStand } from './testing/queue-stand.ts';
import type { Values } from './testing/structs.ts';

const LINK = 2;
const MAX_SIZE = 1_000_000;
const Q16 = 65_536;
const Q32 = 2 ** 32;
/** Gains have 16 bits behind the point, the error too. */
const TOLERANCE = 2e-4;
const FRESH: PidState = { integral: 0, lastError: undefined, dropProbability: 0 };

/** Occupancy and steps since the last: rising, jumping, silent for long, empty, full for long. */
const courses: Record<string, readonly [occupancy: number, steps: number][]> = {
  rising: Array.from({ length: 40 }, (_, index) => [index / 40, 1]),
  jumping: Array.from({ length: 30 }, (_, index) => [
    index % 3 === 0 ? 0.95 : 0.5,
    1 + (index % 4),
  ]),
  'silent for long': [
    [0.9, 1],
    [0.9, 50],
    [0.1, 100],
    [1, 100],
    [0.8, 2],
  ],
  'full, then empty': [
    ...Array.from({ length: 60 }, () => [1, 5] as [number, number]),
    ...Array.from({ length: 60 }, () => [0, 5] as [number, number]),
  ],
};

const tunings: Record<string, PidGains> = {
  normal: { kp: 0.4, ki: 0.05, kd: 0.02 },
  'before an expansion': { kp: 0.8, ki: 0.1, kd: 0.05 },
  strong: { kp: 3, ki: 8, kd: 0.01 },
  'integral alone': { kp: 0, ki: 1, kd: 0 },
};

realBpf.describe('the PID of the virtual queue', () => {
  let programs: Programs;
  let queue: QueueStand;

  /** One step at an occupancy, from a state. @returns the state after it, and the steps made. */
  function step(from: Values, occupancy: number, steps: number): { after: Values; steps: number } {
    const { drop_probability = 0, integral = 0, last_error = 0 } = from;
    queue.set({
      levelBytes: occupancy * MAX_SIZE,
      steps,
      state: { drop_probability, integral, last_error },
    });
    const before = queue.state;
    programs.run('xdp_buffer_control', synFrame);
    const after = queue.state;
    return { after, steps: Math.min(100, QueueStand.stepsBetween(before, after)) };
  }

  beforeEach(() => {
    programs = new Programs();
    programs.watch(LINK);
    queue = new QueueStand(programs, LINK);
  });
  afterEach(() => programs.close());

  for (const [course, points] of Object.entries(courses)) {
    for (const [tuning, gains] of Object.entries(tunings)) {
      realBpf.it(`computes what the textbook says: ${course}, ${tuning}`, () => {
        queue.configure({ mode: 'monitor', maxSize: MAX_SIZE, gains });
        let kernel: Values = {};
        let reference: PidState = { ...FRESH, lastError: 0 };
        for (const [occupancy, wanted] of points) {
          const { after, steps } = step(kernel, occupancy, wanted);
          // The level the program saw, a few bytes drained since it was set.
          const level = (after.level_bytes ?? 0) / MAX_SIZE;
          expect(Math.abs(level - occupancy)).toBeLessThan(0.01);
          reference = pidStep(gains, reference, { occupancy: level, steps });
          const error = (after.last_error ?? 0) / Q16;
          expect(Math.abs(error - (reference.lastError ?? 0))).toBeLessThan(2 / Q16);
          const [integral, output] = [after.integral ?? 0, after.drop_probability ?? 0];
          expect(Math.abs(integral / Q32 - reference.integral)).toBeLessThan(TOLERANCE * 5);
          const bound = TOLERANCE * (1 + gains.kp + (gains.kd * 100) / steps) * 5;
          expect(Math.abs(output / Q32 - reference.dropProbability)).toBeLessThan(bound);
          kernel = after;
        }
      });
    }
  }

  realBpf.it('asks for more drops the fuller the queue is, and for none below its setpoint', () => {
    queue.configure({ mode: 'police', maxSize: MAX_SIZE, gains: { kp: 2, ki: 0, kd: 0 } });
    const probabilities = [0.3, 0.69, 0.75, 0.8, 0.85, 0.9, 0.95, 1].map((occupancy) => {
      step({}, occupancy, 1);
      return queue.dropProbability;
    });
    expect(probabilities.slice(0, 2)).toEqual([0, 0]);
    const rising = probabilities.slice(1);
    for (const [index, one] of rising.entries()) {
      if (index > 0) expect(one).toBeGreaterThan(rising[index - 1] ?? 1);
    }
    expect(probabilities.at(-1)).toBeCloseTo(0.6, 3);
  });

  realBpf.it('the first step of all has no derivative, whatever the level', () => {
    queue.configure({ mode: 'monitor', maxSize: MAX_SIZE, gains: { kp: 0, ki: 0, kd: 100 } });
    queue.set({ levelBytes: MAX_SIZE, state: { next_update_ns: 0, updates: 0 } });
    programs.run('xdp_buffer_control', synFrame);
    expect(queue.state.updates).toBe(1);
    expect(queue.dropProbability).toBe(0);
  });

  realBpf.it(
    'does not wind up: after a long overload it lets go as fast as after a short one',
    () => {
      queue.configure({ mode: 'monitor', maxSize: MAX_SIZE, gains: { kp: 1, ki: 1, kd: 0 } });
      const letGo = (overloadSteps: number): number => {
        let state: Values = {};
        for (let index = 0; index < overloadSteps; index++) state = step(state, 1, 100).after;
        expect((state.integral ?? 0) / Q32).toBeLessThanOrEqual(1);
        let seconds = 0;
        // At the setpoint less 0.1: only the integral holds the output up.
        while ((state.drop_probability ?? 0) > 0 && seconds < 100) {
          const next = step(state, 0.6, 50);
          seconds += next.steps / 100;
          state = next.after;
        }
        return seconds;
      };
      const short = letGo(4);
      expect(short).toBeGreaterThan(1);
      expect(letGo(200)).toBeLessThanOrEqual(short + 1);
    },
  );

  realBpf.it('a silence moves the integral by one second at most', () => {
    queue.configure({ mode: 'monitor', maxSize: MAX_SIZE, gains: { kp: 0, ki: 0.5, kd: 0 } });
    const { after } = step({}, 1, 100_000);
    expect((after.integral ?? 0) / Q32).toBeCloseTo(0.5 * (1 - SETPOINT), 3);
  });

  realBpf.it('holds an overloaded queue at 0.70 of its depth', () => {
    // One and a half times the rate of a link whose queue is 100 ms deep, in steps of the PID.
    queue.configure({ mode: 'police', maxSize: MAX_SIZE, gains: { kp: 2, ki: 5, kd: 0.01 } });
    let state: Values = {};
    let occupancy = 0;
    const seen: number[] = [];
    for (let index = 0; index < 600; index++) {
      const { after, steps } = step(state, occupancy, 1);
      const share = (after.drop_probability ?? 0) / Q32;
      const seconds = steps / 100;
      occupancy = Math.min(1, Math.max(0, occupancy + ((1.5 * (1 - share) - 1) / 0.1) * seconds));
      seen.push(occupancy);
      state = after;
    }
    const settled = seen.slice(-100);
    const mean = settled.reduce((sum, one) => sum + one, 0) / settled.length;
    expect(Math.abs(mean - SETPOINT)).toBeLessThan(0.02);
    // The share that has to go, so that what is left is the rate of the link.
    expect(Math.abs((state.integral ?? 0) / Q32 - 1 / 3)).toBeLessThan(0.05);
  });
});
