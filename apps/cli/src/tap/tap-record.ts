import {
  type ebpfAgent,
  enumWord,
  type fsuController,
  type predictor,
  type telemetry,
} from '@levitate/contracts';

/** The kinds of record that `levitate tap` prints. */
export const recordKinds = ['sample', 'decision', 'event'] as const;

/** @see recordKinds */
export type RecordKind = (typeof recordKinds)[number];

/**
 * One line of `levitate tap -o jsonl`. The names of its fields are a contract (README): fields are
 * added, never renamed; what is not known is left out, never zero.
 */
export type TapRecord = SampleRecord | DecisionRecord | EventRecord;

/** One interval of one link, as telemetry keeps it: the fields of its contract. */
export type SampleRecord = { readonly kind: 'sample'; readonly origin: string } & Omit<
  telemetry.Sample,
  'origin'
>;

/** What the controller decided on one tick, whether it changed anything or not. */
export interface DecisionRecord {
  readonly kind: 'decision';
  /** Of the decision log; left out where there was nothing to log. */
  readonly id?: number;
  readonly target: string;
  /** Left out where no sample came with the tick. */
  readonly link?: string;
  readonly timeUnixMs: number;
  readonly law: string;
  readonly mode: string;
  readonly beforeBytes: number;
  readonly wishedBytes: number;
  readonly allowedBytes: number;
  readonly afterBytes: number;
  /** What the sizes count; left out where it is bytes. */
  readonly unit?: string;
  readonly applied: boolean;
  readonly reasons: readonly string[];
  readonly text: string;
  readonly utilisation: number;
  readonly kp: number;
  readonly ki: number;
  readonly kd: number;
  /** Left out where nothing was changed. */
  readonly sampleToChangeMs?: number;
  /** Packets dropped in the interval it was decided on. */
  readonly droppedPackets?: number;
  readonly forecast?: ForecastPart;
}

/** What the forecast said at that tick. */
export interface ForecastPart {
  readonly burstPredicted: boolean;
  readonly confidence: number;
  readonly timeToBurstSeconds?: number;
  readonly timeSdSeconds?: number;
  readonly abstained: readonly string[];
  readonly model: string;
}

/** A microburst, as the agent's program in the kernel saw it: the fields of its contract. */
export type EventRecord = {
  readonly kind: 'event';
  readonly event: 'microburst';
} & ebpfAgent.Microburst;

/** A sample with what was measured. */
export function sampleRecord(sample: telemetry.Sample): SampleRecord {
  const { origin, ...rest } = sample;
  return { kind: 'sample', ...rest, origin: enumWord(origin) };
}

/** The decision of a tick; `undefined` where nothing could be decided yet. */
export function decisionRecord(tick: fsuController.Tick): DecisionRecord | undefined {
  const { decision, sample, forecast } = tick;
  if (decision === null) return undefined;
  const { id, law, mode, unit, sampleToChangeMs, ...rest } = decision;
  return {
    kind: 'decision',
    ...(id > 0 ? { id } : {}),
    ...rest,
    ...(unit === '' ? {} : { unit }),
    ...(sample === null ? {} : { link: sample.link }),
    ...(sample?.droppedPackets === undefined ? {} : { droppedPackets: sample.droppedPackets }),
    law: enumWord(law),
    mode: enumWord(mode),
    ...(sampleToChangeMs > 0 ? { sampleToChangeMs } : {}),
    ...(forecast === null ? {} : { forecast: forecastPart(forecast) }),
  };
}

/** A microburst as a record. */
export function eventRecord(microburst: ebpfAgent.Microburst): EventRecord {
  return { kind: 'event', event: 'microburst', ...microburst };
}

function forecastPart(forecast: predictor.BurstForecast): ForecastPart {
  const { burstPredicted, confidence, timeToBurstSeconds, timeSdSeconds, abstained, model } =
    forecast;
  const when = burstPredicted ? { timeToBurstSeconds, timeSdSeconds } : {};
  return { burstPredicted, confidence, ...when, abstained, model };
}
