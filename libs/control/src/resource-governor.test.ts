import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type GovernorDecision,
  type GovernorSettings,
  ResourceGovernor,
  type ResourceMeasurement,
} from './resource-governor.ts';

const facts = { min: 1, max: 64 };

/** A pool that does as it is told, a period later. */
class Stage {
  readonly governor: ResourceGovernor;
  size: number;
  nowMs = 0;
  obeys = true;

  constructor(settings: Partial<GovernorSettings> = {}, size = 8) {
    this.governor = new ResourceGovernor({ ...facts, ...settings });
    this.size = size;
  }

  tick(measured: Partial<ResourceMeasurement> | undefined): GovernorDecision {
    const decision = this.governor.step({
      nowMs: this.nowMs,
      measured: measured && { size: this.size, need: 0, ...measured },
    });
    if (decision.apply !== undefined && this.obeys) this.size = decision.apply;
    this.nowMs += 100;
    return decision;
  }

  run(ticks: number, measured: Partial<ResourceMeasurement> | undefined): GovernorDecision[] {
    return Array.from({ length: ticks }, () => this.tick(measured));
  }
}

describe('ResourceGovernor', () => {
  it('grows a pool that is full and gives back what its peaks no longer need', () => {
    const stage = new Stage({ holdMs: 2_000 });
    stage.run(30, { need: 20 });
    expect(stage.size).toBeGreaterThanOrEqual(24);
    expect(stage.size).toBeLessThanOrEqual(28);
    stage.run(100, { need: 4 });
    expect(stage.size).toBeLessThanOrEqual(8);
    expect(stage.size).toBeGreaterThanOrEqual(5);
  });

  it('grows from one, and rests where whole units leave no size within the dead band', () => {
    const stage = new Stage({ holdMs: 500 }, 1);
    stage.run(20, { need: 0.9 });
    expect(stage.size).toBe(2);
    const changes = stage.run(600, { need: 0.9 }).filter(({ apply }) => apply !== undefined);
    expect(changes).toEqual([]);
  });

  it('has no limit cycle in whole units, whatever the need', () => {
    const scenario = fc.record({
      need: fc.double({ min: 0.1, max: 60, noNaN: true }),
      size: fc.integer({ min: 1, max: 64 }),
      quantum: fc.constantFrom(1, 2, 4),
    });
    fc.assert(
      fc.property(scenario, ({ need, size, quantum }) => {
        const whole = Math.max(quantum, Math.round(size / quantum) * quantum);
        const stage = new Stage({ quantum, holdMs: 1_000, maxChangesPerMinute: 600 }, whole);
        stage.run(600, { need });
        const late = stage.run(300, { need }).filter(({ apply }) => apply !== undefined);
        expect(late).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('opens after more than three failures, says so once, and asks for nothing while open', () => {
    const stage = new Stage();
    const opened = stage.run(5, undefined).map((decision) => decision.opened);
    expect(opened).toEqual([false, false, false, true, false]);
    const decision = stage.tick({ need: 30 });
    expect(decision.apply).toBeUndefined();
    expect(decision.reasons[0]).toBe('breaker-open');
    stage.governor.resetBreaker();
    expect(stage.tick({ need: 30 }).apply).toBeGreaterThan(8);
  });

  it.each([
    ['not a number', { need: Number.NaN }],
    ['negative', { need: -1 }],
    ['a hundred times the largest size', { need: 6_401 }],
    ['without a size', { size: 0 }],
    ['of an endless size', { size: Number.POSITIVE_INFINITY }],
    ['of rejects that are none', { need: 3, rejected: Number.NaN }],
  ])('takes a measurement that is %s for none', (_, measured) => {
    const stage = new Stage();
    const decision = stage.tick(measured);
    expect(decision).toMatchObject({ apply: undefined, reasons: ['implausible'] });
  });

  it('counts a change that never comes into force as a failure, and opens in the end', () => {
    const stage = new Stage();
    stage.obeys = false;
    const decisions = stage.run(200, { need: 20 });
    const ignored = decisions.filter(({ reasons }) => reasons[0] === 'ignored');
    expect(ignored.length).toBeGreaterThan(3);
    expect(decisions.some(({ opened }) => opened)).toBe(true);
  });

  /** A pool of 8 with a need of 20, and the change that is asked for and takes too long. */
  function timedOut(settings: Partial<GovernorSettings> = {}) {
    const stage = new Stage(settings);
    stage.obeys = false;
    const { apply } = stage.tick({ need: 20 });
    stage.governor.applyFailed(stage.nowMs, true);
    return { stage, asked: apply ?? Number.NaN };
  }

  it('takes a change that was given up and takes effect later for its own', () => {
    const { stage, asked } = timedOut();
    stage.size = asked;
    const decisions = stage.run(2, { need: 20 });
    for (const { reasons } of decisions) expect(reasons).not.toContain('set-by-hand');
    expect(decisions.some(({ apply }) => apply !== undefined)).toBe(true);
  });

  it('takes it for its own while the next change is under way too', () => {
    const { stage, asked } = timedOut({ holdMs: 200 });
    const isFall = ({ apply = 64 }) => apply < 8;
    let falls = 0;
    for (let tick = 0; tick < 100 && falls === 0; tick += 1) {
      if (isFall(stage.tick({ need: 1 }))) falls += 1;
    }
    expect(falls).toBe(1);
    stage.size = asked;
    expect(stage.tick({ need: 1 }).reasons).not.toContain('set-by-hand');
  });

  it('takes it for a hand after a minute, and so any other size', () => {
    for (const [waitMs, size] of [
      [61_000, undefined],
      [0, 31],
    ] as const) {
      const { stage, asked } = timedOut();
      stage.governor.setMode('observe');
      stage.run(waitMs / 100, { need: 20 });
      stage.size = size ?? asked;
      expect(stage.tick({ need: 20 }).reasons).toContain('set-by-hand');
    }
  });

  it('leaves a size that was set by hand alone for a while, then rules on from there', () => {
    const stage = new Stage({ handOffMs: 5_000 });
    stage.run(30, { need: 6 });
    stage.size = 40;
    const decisions = stage.run(40, { need: 6 });
    expect(decisions.every(({ apply }) => apply === undefined)).toBe(true);
    expect(decisions[1]?.reasons[0]).toBe('set-by-hand');
    stage.run(900, { need: 6 });
    expect(stage.size).toBeLessThan(12);
  });

  it('asks for the same size again when what makes it up has gone stale, while it may', () => {
    const stage = new Stage({ handOffMs: 5_000 });
    stage.run(10, { need: 6 });
    const { size } = stage;
    const renewed = stage.tick({ need: 6, isStale: true });
    expect(renewed).toMatchObject({ apply: size, reasons: expect.arrayContaining(['renewed']) });
    expect(stage.tick({ need: 6 }).apply).toBeUndefined();
    stage.size = 20;
    stage.tick({ need: 6 });
    expect(stage.tick({ need: 6, isStale: true }).apply).toBeUndefined();
    stage.governor.setMode('recommend');
    expect(stage.tick({ need: 6, isStale: true }).apply).toBeUndefined();
  });

  it('waits for a slow change instead of asking again', () => {
    const stage = new Stage({ actuationDelayMs: 3_000 });
    stage.obeys = false;
    const asked = stage.run(30, { need: 20 }).flatMap(({ apply }) => apply ?? []);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.at(-1)).toBeLessThanOrEqual(28);
  });

  it('decides but asks for nothing in recommend and observe', () => {
    const stage = new Stage({ mode: 'recommend' });
    const decision = stage.tick({ need: 20 });
    expect(decision).toMatchObject({ apply: undefined });
    expect(decision.wished).toBeGreaterThan(8);
    expect(decision.reasons[0]).toBe('mode-recommend');
    stage.governor.setMode('observe');
    expect(stage.tick({ need: 20 }).reasons[0]).toBe('mode-observe');
    stage.governor.setMode('enforce');
    expect(stage.tick({ need: 20 }).apply).toBeGreaterThan(8);
  });

  it('never asks for a size outside its bounds or between whole units', () => {
    const number = fc.oneof(
      fc.double({ min: 0, max: 7_000, noNaN: true }),
      fc.constantFrom(Number.NaN, -1, Number.POSITIVE_INFINITY),
    );
    const ticks = fc.array(
      fc.option(fc.record({ size: number, need: number }), { nil: undefined }),
    );
    fc.assert(
      fc.property(ticks, (all) => {
        const governor = new ResourceGovernor({ min: 3, max: 51, quantum: 2 });
        all.forEach((measured, tick) => {
          const { apply } = governor.step({ nowMs: tick * 100, measured });
          if (apply === undefined) return;
          expect(apply).toBeGreaterThanOrEqual(4);
          expect(apply).toBeLessThanOrEqual(50);
          expect(apply % 2).toBe(0);
        });
      }),
    );
  });
});
