import type { LateMoment, TrafficReport } from '@levitate/kernel-lab';
import { bufferBench, bufferTrialLength, trialCosts } from '@levitate/queueing';
import {
  changesWithin,
  dropsWithin,
  type LaneRecord,
  reservedWithin,
} from '../../levitation/kernel-lanes-record.ts';
import type { RealPair } from './runs.ts';

const uncountedMs = bufferTrialLength.uncountedSeconds * 1000;
const countedMs = bufferTrialLength.countedSeconds * 1000;
/** A packet that left later than this was kept by the machine: bursts last tens of ms. */
const latenessMsMax = 20;
/** Of a pair's packets that may be late. */
const lateShareMax = 0.01;

/** One trial: its packets and what the simulator makes of them. */
export interface BufferRun {
  packetsPerMs: ArrayLike<number>;
  simulated: { cost: number; otherCost: number };
}

/** The two queues of a pair as they were read, ours first, and how the packets left. */
export interface PlayedPair {
  records: readonly [LaneRecord<string>, LaneRecord<string>];
  traffic: Pick<
    TrafficReport,
    'startUnixMs' | 'hostDroppedPackets' | 'starvedMs' | 'refused' | 'late'
  >;
}

/** What a pair came to. @throws where the machine disturbed it */
export function pairOf(
  { packetsPerMs, simulated }: BufferRun,
  { records, traffic }: PlayedPair,
): RealPair {
  const untilMs = uncountedMs + countedMs;
  let arrived = 0;
  for (let at = uncountedMs; at < untilMs; at++) arrived += packetsPerMs[at] ?? 0;
  const reason = whyVoid(traffic, { packetsPerMs, arrived });
  if (reason !== undefined) throw new Error(reason);
  const { startUnixMs } = traffic;
  const span = { fromUnixMs: startUnixMs + uncountedMs, toUnixMs: startUnixMs + untilMs };
  const [ours, other] = records;
  const cost = costOf(ours, { arrived, span });
  return { cost, otherCost: costOf(other, { arrived, span }), simulated };
}

/** Why the machine disturbed a pair; undefined: it did not. */
function whyVoid(
  { hostDroppedPackets, starvedMs, refused, late }: PlayedPair['traffic'],
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
    reservedOverPeak: reservedWithin(record, span) / elapsedSeconds / bufferBench.sizeMax,
    changes: changesWithin(record, span),
    elapsedSeconds,
  }).standard;
}
