import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resourceDefaults } from '@levitate/control';
import {
  createLab,
  type LateMoment,
  type PacketSource,
  startTraffic,
  type TrafficReport,
} from '@levitate/kernel-lab';
import { bufferBench, bufferTrialLength, trialCosts } from '@levitate/queueing';
import {
  changesWithin,
  dropsWithin,
  type LaneRecord,
  reservedWithin,
} from '../levitation/kernel-lanes-record.ts';
import { LaneRecorder } from '../levitation/kernel-lanes-recorder.ts';
import { startBufferServices } from './buffer-services.ts';
import type { RealPair, RealSystem } from './real-runs.ts';
import type { TrialDraw } from './trial-draw.ts';
import type { TrialRunner } from './trial-runner.ts';

const { drainBytesPerSecond, sizeMax } = bufferBench;
const uncountedMs = bufferTrialLength.uncountedSeconds * 1000;
const countedMs = bufferTrialLength.countedSeconds * 1000;
const kind = 'link-capacity-1ms';
/** A packet that left later than this was kept by the machine: bursts last tens of ms. */
const latenessMsMax = 20;
/** Of a pair's packets that may be late. */
const lateShareMax = 0.01;

/** One trial: its packets and what the simulator makes of them. */
interface BufferRun {
  packetsPerMs: ArrayLike<number>;
  simulated: { cost: number; otherCost: number };
}

/**
 * Kernel queues with the packets of scored trials: of each pair one under the agent and the
 * controller, processes of their own, with the law that the simulation has, and one that keeps the
 * tuned limit; both begin with it. A trial is as long as the simulated one. Needs root.
 */
export function realBuffer(of: {
  runner: TrialRunner;
  draw: TrialDraw;
  tunedSize: number;
}): RealSystem {
  const { runner, draw, tunedSize } = of;
  const runOf = (index: number): BufferRun => {
    const trial = { resource: 'buffer', kind, part: 'test', index } as const;
    const policies = [
      { kind: 'ours', start: tunedSize },
      { kind: 'static', size: tunedSize },
    ] as const;
    const [ours, other] = runner.run({ trial, policies }).outcomes;
    if (ours === undefined || other === undefined) throw new Error('an outcome for each policy');
    return {
      packetsPerMs: draw.buffer(trial, bufferBench.load).packetsPerMs,
      simulated: { cost: ours.costs.standard, otherCost: other.costs.standard },
    };
  };
  return {
    atOnce: 10,
    async play(runs, signal) {
      const trials = runs.map(runOf);
      const played = await playLanes(trials, { tunedSize, signal });
      return trials.map((trial, index) => settledPair(trial, { index, played }));
    },
  };
}

interface PlayedLanes {
  records: readonly LaneRecord<string>[];
  traffic: TrafficReport;
}

/** Everything of it is gone when it returns or throws. */
async function playLanes(
  trials: readonly BufferRun[],
  { tunedSize, signal }: { tunedSize: number; signal: AbortSignal },
): Promise<PlayedLanes> {
  const names = trials.flatMap((_, index) => [`ours-${index}`, `static-${index}`]);
  await using stack = new AsyncDisposableStack();
  const directory = mkdtempSync(join(tmpdir(), 'levitate-bench-'));
  stack.defer(() => rmSync(directory, { recursive: true, force: true }));
  const lab = await createLab({
    id: `control-${process.pid}`,
    lanes: names.map((name) => ({
      name,
      drainBitsPerSecond: 8 * drainBytesPerSecond,
      limitBytes: Math.round(tunedSize),
    })),
  });
  stack.defer(() => lab.close());
  const services = await startBufferServices({
    lanes: lab.links.filter((_, index) => index % 2 === 0),
    directory,
    bounds: { min: bufferBench.sizeMin, max: sizeMax },
    rule: resourceDefaults.buffer,
    signal,
  });
  stack.defer(() => services.stop());
  const rules = names.map((_, index) => (index % 2 === 0 ? 'ours' : 'static'));
  const recorder = new LaneRecorder({ lab, rules });
  stack.defer(() => void recorder.stop());
  const flows = trials.map(({ packetsPerMs }, index) => ({
    lanes: names.slice(2 * index, 2 * index + 2),
    source: packetSource(packetsPerMs),
  }));
  const run = await startTraffic({ lab, flows, probeIntervalMs: false, signal });
  stack.defer(async () => void (await run.stop()));
  while (run.report().steps < uncountedMs + countedMs) {
    const failed = run.finished.then(() => undefined); // It only ends early by failing.
    await Promise.race([sleep(500, undefined, { signal }), failed]);
  }
  const traffic = await run.stop();
  return { records: recorder.stop(), traffic };
}

/** Packets of each millisecond; nothing after the end. */
function packetSource(packetsPerMs: ArrayLike<number>): PacketSource {
  let at = 0;
  return {
    next: (steps) => Uint16Array.from({ length: steps }, () => packetsPerMs[at++] ?? 0),
  };
}

function settledPair(
  { packetsPerMs, simulated }: BufferRun,
  { index, played }: { index: number; played: PlayedLanes },
): PromiseSettledResult<RealPair> {
  const { records, traffic } = played;
  const untilMs = uncountedMs + countedMs;
  let arrived = 0;
  for (let at = uncountedMs; at < untilMs; at++) arrived += packetsPerMs[at] ?? 0;
  const reason = whyVoid(traffic, { packetsPerMs, arrived });
  if (reason !== undefined) return { status: 'rejected', reason: new Error(reason) };
  const { startUnixMs } = traffic;
  const span = { fromUnixMs: startUnixMs + uncountedMs, toUnixMs: startUnixMs + untilMs };
  const [cost, otherCost] = [2 * index, 2 * index + 1].map((lane) =>
    costOf(records[lane] as LaneRecord<string>, { arrived, span }),
  ) as [number, number];
  return { status: 'fulfilled', value: { cost, otherCost, simulated } };
}

/** Why the machine disturbed a pair; undefined: it did not. */
function whyVoid(
  { hostDroppedPackets, starvedMs, refused, late }: TrafficReport,
  { packetsPerMs, arrived }: { packetsPerMs: ArrayLike<number>; arrived: number },
): string | undefined {
  if (hostDroppedPackets > 0) return `the host dropped ${hostDroppedPackets} packets by itself`;
  if (starvedMs + refused > 0) return 'the sender had no packets in time, or could not send them';
  const isLate = ({ atMs, lateMs }: LateMoment) => atMs >= uncountedMs && lateMs > latenessMsMax;
  const moments = new Set(late.filter(isLate).map(({ atMs }) => Math.floor(atMs)));
  let packets = 0;
  for (const atMs of moments) packets += packetsPerMs[atMs] ?? 0;
  if (packets <= lateShareMax * arrived) return undefined;
  return `the machine sent ${packets} of ${arrived} packets more than ${latenessMsMax} ms late`;
}

function costOf(
  record: LaneRecord<string>,
  { arrived, span }: { arrived: number; span: { fromUnixMs: number; toUnixMs: number } },
): number {
  const elapsedSeconds = countedMs / 1000;
  const rejected = dropsWithin(record, span);
  return trialCosts({
    arrived,
    rejected,
    served: arrived - rejected,
    delayP99Seconds: undefined,
    reservedOverPeak: reservedWithin(record, span) / elapsedSeconds / sizeMax,
    changes: changesWithin(record, span),
    elapsedSeconds,
  }).standard;
}
