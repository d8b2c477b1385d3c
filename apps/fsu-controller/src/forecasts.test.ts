import { VirtualClock } from '@levitate/clock';
import type { predictor } from '@levitate/contracts';
import { describe, expect, it } from 'vitest';
import { ControllerFixture } from './testing/controller-fixture.ts';

const predictive = { name: 'predictive', mode: 'enforce', max_changes_per_minute: 60 };
const reactive = { ...predictive, name: 'reactive', predictive: false };

/** Of a burst that needs 1.5 MB, as the wire carries it. */
function forecastOf(over: predictor.BurstForecastInit): predictor.BurstForecastInit {
  const sure = (value: number) => ({ q50: value, q90: value, q99: value });
  return {
    link: 'predictive',
    horizonSeconds: 10,
    burstPredicted: true,
    confidence: 0.99,
    timeToBurstSeconds: 1,
    timeSdSeconds: 0.02,
    predictedMagnitude: 10,
    durationSeconds: sure(0.1),
    peakBytesPerSecond: sure(50e6),
    volumeBytes: sure(2e6),
    needBytes: sure(1.5e6),
    levelBytesPerSecond: [],
    abstained: [],
    model: 'scripted@1',
    ...over,
  };
}

/** A burst of 1.5 MB within one sample. */
function burstInto(limitBytes: number) {
  return {
    throughputBytesPerSecond: 20e6,
    throughputPeakBytesPerSecond: 80e6,
    queueHighWaterBytes: Math.min(1.5e6, limitBytes),
    droppedBytes: Math.max(0, 1.5e6 - limitBytes),
  };
}

/** The controller in virtual time, one tick after the other. */
class Stage {
  readonly fixture: ControllerFixture;
  readonly clock: VirtualClock;
  #forecasts = 0;

  constructor(fixture: ControllerFixture, clock: VirtualClock) {
    this.fixture = fixture;
    this.clock = clock;
  }

  static async open(
    options: { config?: Record<string, unknown>; hasPredictor?: boolean } & {
      targets: Record<string, unknown>[];
    },
  ): Promise<{ stage: Stage; fixture: ControllerFixture }> {
    const clock = new VirtualClock();
    const targets = options.targets as { name: string }[];
    // The lease must outlast the virtual seconds of the test.
    const config = { lease_ttl_ms: 60_000, ...options.config };
    const { hasPredictor = true } = options;
    const fixture = await ControllerFixture.start({ targets, config, hasPredictor, clock });
    const stage = new Stage(fixture, clock);
    for (const { name } of targets) {
      await fixture.until(async () => (await fixture.target(name)).leaseHeld, 'the lease is held');
    }
    if (hasPredictor) await fixture.until(() => fixture.predictor.readers > 0, 'it is followed');
    return { stage, fixture };
  }

  /** One sample of every link, and the wait until all of it is decided and done. */
  async tick(samples: Readonly<Record<string, object>> = {}): Promise<void> {
    const { fixture, clock } = this;
    const links = fixture.links.map((link) => [link, samples[link] ?? {}] as const);
    clock.advance(100);
    await fixture.pulse(Object.fromEntries(links));
    await fixture.taken();
  }

  /** A forecast made now, and the wait until the controller has it. */
  async say(over: predictor.BurstForecastInit): Promise<void> {
    const { fixture } = this;
    fixture.predictor.say(forecastOf({ madeUnixMs: fixture.timeUnixMs, ...over }));
    this.#forecasts += 1;
    const isThere = async () => (await fixture.metric('fsu_forecasts_total')) >= this.#forecasts;
    await fixture.until(isThere, 'the forecast has arrived');
  }
}

/** Ten virtual seconds with two bursts on both links; what was asked of the agent for each. */
async function playBoth(stage: Stage, beforeTick: (tick: number) => Promise<void>) {
  const { agent } = stage.fixture;
  for (let tick = 0; tick < 100; tick += 1) {
    await beforeTick(tick);
    const isBurst = tick % 50 === 30;
    const burst = (link: string) => (isBurst ? burstInto(agent.limit(link)) : {});
    await stage.tick({ predictive: burst('predictive'), reactive: burst('reactive') });
  }
  const changesOf = (name: string) =>
    agent.changes.filter(({ link }) => link === name).map(({ limitBytes }) => limitBytes);
  return { predictive: changesOf('predictive'), reactive: changesOf('reactive') };
}

describe('forecasts in the controller', () => {
  it('without a predictor decides exactly as the reactive law, and says so', async () => {
    const targets = [predictive, reactive];
    const { stage, fixture } = await Stage.open({ targets, hasPredictor: false });
    await using _ = fixture;
    const changes = await playBoth(stage, async () => {});
    expect(changes.reactive.length).toBeGreaterThan(2);
    expect(changes.predictive).toEqual(changes.reactive);
    const state = await fixture.target('predictive');
    expect(state).toMatchObject({
      law: 'LAW_REACTIVE',
      forecastUnusedReason: 'predictor-gone',
    });
    expect(await fixture.target('reactive')).toMatchObject({ forecastUnusedReason: '' });
    const text = await fixture.metric('fsu_forecast_unused_ticks_total', {
      target: 'predictive',
      reason: 'predictor-gone',
    });
    expect(text).toBeGreaterThanOrEqual(100);
  });

  const wrong: [string, predictor.BurstForecastInit, string][] = [
    ['incoherent', { needBytes: null }, 'forecast-incoherent'],
    ['not finite', { timeToBurstSeconds: Number.NaN }, 'forecast-incoherent'],
    ['unproven', {}, 'unproven'],
    ['of another time', { madeUnixMs: 1 }, 'forecast-late'],
  ];
  it.each(wrong)(
    'with %s forecasts decides exactly as the reactive law',
    async (_name, over, why) => {
      const { stage, fixture } = await Stage.open({ targets: [predictive, reactive] });
      await using _ = fixture;
      const changes = await playBoth(stage, async (tick) => {
        if (tick % 10 === 0 && tick < 30) await stage.say({ timeToBurstSeconds: 9, ...over });
      });
      expect(changes.reactive.length).toBeGreaterThan(2);
      expect(changes.predictive).toEqual(changes.reactive);
      const reasons = { target: 'predictive', reason: why };
      expect(await fixture.metric('fsu_forecast_unused_ticks_total', reasons)).toBeGreaterThan(0);
    },
  );

  it('makes room before the bursts a trusted predictor announces, and gives it back', async () => {
    const targets = [{ ...predictive, hold_ms: 1_000 }];
    const { stage, fixture } = await Stage.open({ targets });
    await using _ = fixture;
    const { agent } = fixture;
    const dropped: number[] = [];
    const limitsAfter: number[] = [];
    for (let tick = 0; tick < 450; tick += 1) {
      const toBurst = (60 - (tick % 60)) % 60;
      if (tick > 30 && tick % 5 === 0 && toBurst > 0) {
        await stage.say({ timeToBurstSeconds: toBurst / 10 - 0.05 });
      }
      const isBurst = tick > 0 && toBurst === 0;
      const sample = isBurst ? burstInto(agent.limit('predictive')) : {};
      if (isBurst) dropped.push((sample as { droppedBytes: number }).droppedBytes);
      await stage.tick({ predictive: sample });
      if (tick > 60 && toBurst === 30) limitsAfter.push(agent.limit('predictive'));
    }
    expect(dropped[0]).toBe(1.5e6 - 524_288);
    expect(dropped.slice(3)).toEqual([0, 0, 0, 0]);
    expect(Math.max(...limitsAfter.slice(3))).toBeLessThan(600_000);
    const decisions = await fixture.decisions('predictive');
    const announced = decisions.filter(({ law }) => law === 'LAW_PREDICTIVE');
    expect(announced.length).toBeGreaterThanOrEqual(4);
    expect(announced.every(({ applied }) => applied)).toBe(true);
    expect(announced[0]).toMatchObject({ kp: 0.8, ki: 0.1, kd: 0.05 });
    expect(announced[0]?.text).toMatch(/a burst is expected \(in -?\d\.\d s, scripted@1/);
  });

  it('rules each target by the law that its configuration names, and says which', async () => {
    const targets = [
      { ...predictive, predictive: false, model: 'aimd' },
      { ...reactive, model: 'auto' },
    ];
    const { stage, fixture } = await Stage.open({ targets, hasPredictor: false });
    await using _ = fixture;
    const changes = await playBoth(stage, async () => {});
    // A tenth less, once a second, from the million that the agent began with.
    expect(changes.predictive.slice(0, 2)).toEqual([900_000, 810_000]);
    expect(changes.reactive).not.toEqual(changes.predictive);
    expect(await fixture.target('predictive')).toMatchObject({ model: 'aimd' });
    expect(await fixture.target('reactive')).toMatchObject({ model: 'optomechanical' });
  });
});
