import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClaimScorer } from './claim-scorer.ts';

interface Step {
  /** Seconds; a forecast that names an onset `toBurst` seconds ahead, or none. */
  at: number;
  toBurst?: number;
  onset?: true;
}

function run(steps: readonly Step[], options = {}) {
  const scorer = new ClaimScorer(options);
  for (const { at, toBurst, onset } of steps) {
    if (onset) scorer.onset({ atMs: at * 1000 });
    else {
      const tauMs = toBurst === undefined ? undefined : (at + toBurst) * 1000;
      scorer.forecast({ atMs: at * 1000, tauMs });
    }
  }
  scorer.finish();
  return scorer;
}

/** Forecasts once a second, always `toBurst` ahead, an onset every `interval` seconds. */
function alwaysOn(input: { seconds: number; interval: number; toBurst: number }): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < input.seconds; at++) {
    steps.push({ at, toBurst: input.toBurst });
    const onset = (Math.floor(at / input.interval) + 0.5) * input.interval + 0.4;
    if (onset > at && onset <= at + 1) steps.push({ at: onset, onset: true });
  }
  return steps;
}

/** Worked by hand from the wording of SPEC 3.1. */
const tables: {
  name: string;
  steps: Step[];
  hits: number;
  misses: number;
  falseAlarms: number;
  leads: number[];
}[] = [
  {
    name: 'one claim repeated until the burst is one hit, its lead counted from the opening',
    steps: [
      { at: 0, toBurst: 5 },
      { at: 1, toBurst: 4.3 },
      { at: 2, toBurst: 3.9 },
      { at: 5.5, onset: true },
    ],
    hits: 1,
    misses: 0,
    falseAlarms: 0,
    leads: [5.5],
  },
  {
    name: 'a claim withdrawn before its time is still a false alarm',
    steps: [{ at: 0, toBurst: 5 }, { at: 1 }, { at: 2 }, { at: 20 }],
    hits: 0,
    misses: 0,
    falseAlarms: 1,
    leads: [],
  },
  {
    name: 'a claim that drifts opens a second one, for the first never moves',
    // C = 5; at 1 s tau = 6 belongs (1 s away); at 2 s tau = 7 does not and opens C = 7.
    steps: [
      { at: 0, toBurst: 5 },
      { at: 1, toBurst: 5 },
      { at: 2, toBurst: 5 },
      { at: 7.2, onset: true },
    ],
    hits: 1,
    misses: 0,
    falseAlarms: 1,
    leads: [5.2],
  },
  {
    name: 'an onset 1.0 s from the claim is a hit, 1.1 s is a miss and a false alarm',
    steps: [
      { at: 0, toBurst: 5 },
      { at: 6, onset: true },
      { at: 20, toBurst: 5 },
      { at: 26.1, onset: true },
    ],
    hits: 1,
    misses: 1,
    falseAlarms: 1,
    leads: [6],
  },
  {
    name: 'a claim opened at or after the onset does not announce it',
    steps: [
      { at: 5, onset: true },
      { at: 5, toBurst: 0 },
      { at: 5.5, toBurst: 0.2 },
    ],
    hits: 0,
    misses: 1,
    // At 5.5 s tau = 5.7 is within 1 s of C = 5 and belongs to it.
    falseAlarms: 1,
    leads: [],
  },
  {
    name: 'two onsets near one claim: the first takes it, the second is a miss',
    steps: [
      { at: 0, toBurst: 5 },
      { at: 4.5, onset: true },
      { at: 5.5, onset: true },
    ],
    hits: 1,
    misses: 1,
    falseAlarms: 0,
    leads: [4.5],
  },
  {
    name: 'one onset near two claims takes the one opened first',
    steps: [{ at: 0, toBurst: 5 }, { at: 1, toBurst: 5.5 }, { at: 5.8, onset: true }, { at: 20 }],
    hits: 1,
    misses: 0,
    falseAlarms: 1,
    leads: [5.8],
  },
  {
    name: 'a claim that was hit absorbs forecasts until it closes',
    steps: [
      { at: 0, toBurst: 5 },
      { at: 4.2, onset: true },
      { at: 5, toBurst: 0.5 },
      { at: 5.9, toBurst: 0 },
      { at: 20 },
    ],
    hits: 1,
    misses: 0,
    falseAlarms: 0,
    leads: [4.2],
  },
  {
    name: 'after a claim closed the same time opens another one',
    steps: [{ at: 0, toBurst: 2 }, { at: 3.5, toBurst: -0.6 }, { at: 20 }],
    hits: 0,
    misses: 0,
    falseAlarms: 2,
    leads: [],
  },
];

describe('scoring by claims', () => {
  for (const { name, steps, leads, ...counts } of tables) {
    it(name, () => {
      const total = run(steps).total();
      expect(total).toMatchObject(counts);
      expect(total.leadsMs.map((leadMs) => leadMs / 1000)).toEqual(leads);
    });
  }

  it('an alarm that is always on scores 0.09 at bursts 22 s apart', () => {
    // tau moves 1 s a second and a claim absorbs one more forecast: a claim each 2 s, 11 a burst.
    const total = run(alwaysOn({ seconds: 2200, interval: 22, toBurst: 5 })).total();
    expect(total.recall).toBe(1);
    expect(total.precision).toBeCloseTo(1 / 11, 3);
    expect(total.dutyRatio).toBeGreaterThan(0.99);
  });

  it('a claim for a time that has long passed is a false alarm', () => {
    expect(run([{ at: 10, toBurst: -3 }]).total()).toMatchObject({ falseAlarms: 1, hits: 0 });
  });

  it('duty is the share of the time in which an onset would have been a hit', () => {
    // One claim, good from 4 s to 6 s, in 20 s of watching.
    const steps = Array.from({ length: 21 }, (_, at) => (at === 0 ? { at, toBurst: 5 } : { at }));
    expect(run(steps).total().dutyRatio).toBeCloseTo(2 / 20, 9);
  });

  it('the window forgets what the last six onsets do not know', () => {
    const steps: Step[] = [];
    for (let burst = 0; burst < 10; burst++) {
      const at = burst * 20;
      // The first four are missed with a false alarm each, the last six are hit.
      steps.push(
        { at, toBurst: burst < 4 ? 5 : 10 },
        { at: at + 10.2, onset: true },
        { at: at + 19 },
      );
    }
    const scorer = run(steps);
    expect(scorer.total()).toMatchObject({ hits: 6, misses: 4, falseAlarms: 4 });
    expect(scorer.recent()).toMatchObject({ onsets: 6, hits: 6, misses: 0, falseAlarms: 1 });
    expect(scorer.recent().leadMsMedian).toBeCloseTo(10_200, 6);
  });

  it('abandoned claims are neither hit nor false, nor are those before a clock step back', () => {
    const scorer = new ClaimScorer();
    scorer.forecast({ atMs: 0, tauMs: 5000 });
    scorer.abandon();
    scorer.forecast({ atMs: 60_000, tauMs: 65_000 });
    scorer.forecast({ atMs: 1000, tauMs: undefined });
    scorer.finish();
    expect(scorer.total()).toMatchObject({ hits: 0, falseAlarms: 0 });
  });
});

const scripts = fc
  .array(
    fc.record({
      gapMs: fc.integer({ min: 1, max: 3000 }),
      kind: fc.constantFrom('silent', 'claim', 'onset'),
      aheadMs: fc.integer({ min: -1500, max: 10_000 }),
    }),
    { maxLength: 120 },
  )
  .map((steps) => {
    let atMs = 0;
    return steps.map(({ gapMs, ...step }) => {
      atMs += gapMs;
      return { atMs, ...step };
    });
  });

describe('properties of scoring by claims', () => {
  it('claims and onsets match one to one, whatever is claimed', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const scorer = new ClaimScorer();
        for (const { atMs, kind, aheadMs } of script) {
          if (kind === 'onset') scorer.onset({ atMs });
          else scorer.forecast({ atMs, tauMs: kind === 'claim' ? atMs + aheadMs : undefined });
        }
        scorer.finish();
        const total = scorer.total();
        expect(total.hits + total.misses).toBe(script.filter((s) => s.kind === 'onset').length);
        expect(total.hits + total.falseAlarms).toBeLessThanOrEqual(
          script.filter((s) => s.kind === 'claim').length,
        );
        expect(scorer.pending).toEqual([]);
        expect(total.dutyRatio ?? 0).toBeGreaterThanOrEqual(0);
        expect(total.dutyRatio ?? 0).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('an onset reported late, within the allowed delay, changes no count', () => {
    fc.assert(
      fc.property(scripts, fc.integer({ min: 0, max: 2000 }), (script, delayMs) => {
        const prompt = new ClaimScorer();
        const late = new ClaimScorer();
        const feed = (scorer: ClaimScorer, { atMs, kind, aheadMs }: (typeof script)[number]) => {
          if (kind === 'onset') scorer.onset({ atMs });
          else scorer.forecast({ atMs, tauMs: kind === 'claim' ? atMs + aheadMs : undefined });
        };
        for (const step of script) feed(prompt, step);
        const reportedMs = (step: (typeof script)[number]) =>
          step.atMs + (step.kind === 'onset' ? delayMs : 0);
        const delayed = [...script].sort((one, other) => reportedMs(one) - reportedMs(other));
        for (const step of delayed) feed(late, step);
        prompt.finish();
        late.finish();
        const { hits, misses, falseAlarms } = prompt.total();
        expect(late.total()).toMatchObject({ hits, misses, falseAlarms });
      }),
    );
  });

  it('keeps no more claims than its bound, and counts those it settles early', () => {
    const scorer = new ClaimScorer({ claimsMax: 4 });
    for (let claim = 0; claim < 100; claim++) {
      scorer.forecast({ atMs: claim, tauMs: 1e6 + claim * 5000 });
    }
    expect(scorer.pending.length).toBe(4);
    expect(scorer.total().falseAlarms).toBe(96);
  });
});
