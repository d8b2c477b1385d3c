import type { ebpfAgent, fsuController, predictor, telemetry } from '@levitate/contracts';
import { describe, expect, it } from 'vitest';
import { Picture } from './picture.ts';

const sample = (link: string, timeUnixMs: number): telemetry.Sample => ({
  link,
  timeUnixMs,
  throughputBytesPerSecond: 5e6,
  queueHighWaterBytes: 125_000,
  drainBytesPerSecond: 12_500_000,
  limitBytes: 500_000,
  droppedPackets: 3,
  origin: 'SAMPLE_ORIGIN_KERNEL',
});
const quantiles = (q50: number): predictor.Quantiles => ({ q50, q90: q50 * 2, q99: q50 * 3 });
const forecast = (link: string, more: Partial<predictor.BurstForecast>) =>
  ({
    link,
    madeUnixMs: 1_000,
    horizonSeconds: 10,
    burstPredicted: false,
    levelBytesPerSecond: [quantiles(1e6)],
    abstained: ['no_period'],
    model: 'seasonal-naive/1',
    ...more,
  }) as predictor.BurstForecast;
const tick = (link: string, timeUnixMs: number, made: predictor.BurstForecast | null) =>
  ({
    target: link,
    timeUnixMs,
    sample: sample(link, timeUnixMs),
    forecast: made,
    decision: null,
  }) as fsuController.Tick;
const target = (name: string, predictive: boolean) =>
  ({
    name,
    link: name,
    predictive,
    mode: 'MODE_ENFORCE',
    law: 'LAW_REACTIVE',
  }) as fsuController.Target;
const link = (name: string, droppedPackets: number, more: Partial<ebpfAgent.Link> = {}) =>
  ({
    ...{ link: name, droppedPackets, sentPackets: 9, interface: name, qdisc: 'tbf' },
    ...{ controllable: true, notControllableReason: '' },
    ...{ actuator: 'ACTUATOR_KIND_UNSPECIFIED', actuatorTarget: '', actuatorsUnavailable: [] },
    ...more,
  }) as unknown as ebpfAgent.Link;
const picture = () => new Picture({ lanesMax: 4, windowSamples: 10 });

describe('Picture', () => {
  it('puts a lane together from target, link, samples and ticks; reactive stands first', () => {
    const all = picture();
    all.setTargets([target('predictive', true), target('reactive', false)]);
    all.setLinks([link('reactive', 7), link('predictive', 0)]);
    all.addSamples([sample('reactive', 100), sample('predictive', 100)], 0);
    const { lanes } = all.snapshot(0);
    expect(lanes.map(({ name, kind }) => [name, kind])).toEqual([
      ['reactive', 'reactive'],
      ['predictive', 'predictive'],
    ]);
    expect(lanes[0]?.counters?.droppedPackets).toBe(7);
    expect(lanes[0]?.samples[0]).toMatchObject({ droppedPackets: 3, delaySeconds: 0.01 });
    expect(lanes[0]?.control).toMatchObject({ mode: 'enforce', law: 'reactive' });
  });

  it('shows links alone while no controller answers', () => {
    const all = picture();
    all.setLinks([link('eth0', 1)]);
    all.addSamples([sample('eth0', 100)], 0);
    expect(all.snapshot(0).lanes).toMatchObject([
      { name: 'eth0', target: '', kind: 'uncontrolled', control: null, samples: [{}] },
    ]);
  });

  it('says real or simulated and why, and does not know before it was told', () => {
    const all = picture();
    expect(all.snapshot(0).state.kernel).toBe('unknown');
    all.setKernel({
      kernel: 'KERNEL_KIND_SIMULATED',
      simulatedReason: 'not root',
      capabilities: [],
    });
    expect(all.snapshot(0).state).toEqual({ kernel: 'simulated', reason: 'not root' });
    all.setKernel({ kernel: 'KERNEL_KIND_REAL', simulatedReason: '', capabilities: [] });
    expect(all.snapshot(0).state.kernel).toBe('real');
  });

  it('lifts the band one second ahead to a burst’s peak from its onset to its end', () => {
    const all = picture();
    all.setTargets([target('a', true)]);
    const burst = {
      burstPredicted: true,
      timeSdSeconds: 0.2,
      durationSeconds: quantiles(0.3),
      peakBytesPerSecond: quantiles(8e6),
      abstained: [],
    };
    const onsets = [3, 1.1, 1, 0.8, 0.6];
    for (const [index, timeToBurstSeconds] of onsets.entries()) {
      const madeUnixMs = 1_000 + index * 100;
      const made = forecast('a', { ...burst, madeUnixMs, timeToBurstSeconds });
      all.addTicks([tick('a', madeUnixMs, made)], 0);
    }
    const [lane] = all.snapshot(0).lanes;
    expect(lane?.samples.map(({ ahead }) => [ahead?.q50, ahead?.q99])).toEqual([
      [1e6, 3e6],
      [1e6, 16e6],
      [8e6, 16e6],
      [8e6, 16e6],
      [1e6, 3e6],
    ]);
    expect(lane?.forecast?.burst).toMatchObject({ onsetUnixMs: 2_000 });
    expect(lane?.predictedOnsetsUnixMs).toEqual([2_000]);
  });

  it('sends what changed, once, and the whole to whoever asks', () => {
    const all = picture();
    all.setTargets([target('a', true)]);
    all.addSamples([sample('a', 100)], 0);
    expect(all.takeUpdate(0).lanes[0]?.samples).toHaveLength(1);
    expect(all.takeUpdate(0).lanes[0]?.samples).toHaveLength(0);
    all.addTicks([tick('a', 100, forecast('a', {}))], 2);
    const [lane] = all.takeUpdate(0).lanes;
    expect(lane?.samples[0]?.ahead).toEqual({ q50: 1e6, q99: 3e6 });
    expect(lane?.lost).toBe(2);
    expect(all.snapshot(0).lanes[0]?.samples).toHaveLength(1);
  });

  it('says what drives each link, why nothing before it does, and what the host lacks', () => {
    const all = picture();
    const sysctl = {
      ...({ actuator: 'ACTUATOR_KIND_SYSCTL', actuatorTarget: 'net.core.wmem_max' } as const),
      actuatorsUnavailable: [
        { kind: 'ACTUATOR_KIND_BPF_MAP' as const, reason: 'no BTF; another kernel' },
      ],
    };
    const gone = { controllable: false, notControllableReason: 'the interface is gone' };
    all.setLinks([link('a', 0, sysctl), link('b', 0), link('c', 0, gone)]);
    const missing = { name: 'btf', present: false, detail: 'no file', fix: 'another kernel' };
    all.setCapabilities([missing, { name: 'tc', present: true, detail: '/sbin/tc', fix: '' }]);
    const { host } = all.snapshot(0);
    expect(host.links.map((one) => [one.actuator, one.target, one.reason])).toEqual([
      ['sysctl', 'net.core.wmem_max', ''],
      ['qdisc', 'tbf', ''],
      ['none', '', 'the interface is gone'],
    ]);
    expect(host.links[0]?.unavailable).toEqual([
      { actuator: 'bpf-map', reason: 'no BTF; another kernel' },
    ]);
    const { name, detail, fix } = missing;
    expect(host).toMatchObject({ capabilities: 2, missing: [{ name, detail, fix }] });
  });

  it('holds no more lanes and samples than it may, and makes room for new links', () => {
    const all = picture();
    for (let index = 0; index < 100; index += 1) {
      all.addSamples([sample(`old-${index % 10}`, index)], 0);
    }
    all.setLinks(Array.from({ length: 9 }, (_, index) => link(`new-${index}`, 0)));
    for (let time = 0; time < 50; time += 1) all.addSamples([sample('new-0', time)], 0);
    const { lanes } = all.snapshot(0);
    expect(lanes).toHaveLength(4);
    expect(lanes[0]?.samples).toHaveLength(10);
  });
});
