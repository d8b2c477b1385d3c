import {
  type ebpfAgent,
  enumWord,
  type fsuController,
  linkActuator,
  type telemetry,
} from '@levitate/contracts';
import { forecastWords } from '../forecast-words.ts';
import type { NameFilter } from '../glob.ts';
import type { LinkRow } from './link-row.ts';

/** Figures are of so much of the newest samples, milliseconds on their clock. */
const spanMs = 1_000;
/** Samples held per link; a source faster than 100 ms keeps less than a second. */
const samplesMax = 20;
/** After so long without a sample its figures no longer say what is. */
const silentMs = 3_000;
/** Links held; a service names no more (telemetry's own bound is below). */
const linksMax = 16_384;

interface Held {
  samples: telemetry.Sample[];
  newestMs: number;
  agent: ebpfAgent.Link | undefined;
  target: fsuController.Target | undefined;
  tick: fsuController.Tick | undefined;
}

/**
 * What `levitate top` knows of every link, put together from whatever services answer. Pure: times
 * of arrival are given.
 */
export class LinkTable {
  readonly #isShown: NameFilter;
  readonly #links = new Map<string, Held>();
  #linkOfTarget = new Map<string, string>();

  /** @param isShown links that pass; the others are not even held */
  constructor(isShown: NameFilter) {
    this.#isShown = isShown;
  }

  get size(): number {
    return this.#links.size;
  }

  /** Samples as they come; one no newer than the newest (a tick brings it too) does not count. */
  addSamples(samples: readonly telemetry.Sample[], nowMs: number): void {
    for (const sample of samples) {
      const held = this.#held(sample.link);
      if (held === undefined) continue;
      const [time, newest] = [sample.timeUnixMs ?? 0, held.samples.at(-1)?.timeUnixMs ?? 0];
      // Far back is no straggler: the source's clock was set back.
      if (time <= newest && newest - time < 60_000) continue;
      if (time < newest) held.samples = [];
      held.samples.push(sample);
      held.newestMs = nowMs;
      const from = time - spanMs;
      held.samples = held.samples
        .filter(({ timeUnixMs = 0 }) => timeUnixMs > from)
        .slice(-samplesMax);
    }
  }

  /** The controller's ticks: the newest forecast, and samples where telemetry gives none. */
  addTicks(ticks: readonly fsuController.Tick[], nowMs: number): void {
    for (const tick of ticks) {
      const link = tick.sample?.link ?? this.#linkOfTarget.get(tick.target);
      const held = link === undefined ? undefined : this.#held(link);
      if (held !== undefined) held.tick = tick;
      if (tick.sample !== null) this.addSamples([tick.sample], nowMs);
    }
  }

  setTargets(targets: readonly fsuController.Target[]): void {
    for (const held of this.#links.values()) held.target = undefined;
    this.#linkOfTarget = new Map(targets.map(({ name, link }) => [name, link]));
    for (const target of targets) {
      const held = this.#held(target.link);
      if (held !== undefined) held.target = target;
    }
    this.#forget();
  }

  /** The agent's view: what drives each link. */
  setLinks(links: readonly ebpfAgent.Link[]): void {
    for (const held of this.#links.values()) held.agent = undefined;
    for (const link of links) {
      const held = this.#held(link.link);
      if (held !== undefined) held.agent = link;
    }
    this.#forget();
  }

  /** Every link, unsorted. @param nowMs on the clock of `addSamples` */
  rows(nowMs: number): LinkRow[] {
    return [...this.#links].map(([link, held]) => rowOf(link, held, nowMs));
  }

  #held(link: string): Held | undefined {
    const known = this.#links.get(link);
    if (known !== undefined) return known;
    if (link === '' || !this.#isShown(link) || this.#links.size >= linksMax) return undefined;
    const held: Held = {
      samples: [],
      newestMs: Number.NEGATIVE_INFINITY,
      agent: undefined,
      target: undefined,
      tick: undefined,
    };
    this.#links.set(link, held);
    return held;
  }

  /** A link that nobody names any more and that gives no samples is gone. */
  #forget(): void {
    for (const [link, { agent, target, samples }] of this.#links) {
      if (agent === undefined && target === undefined && samples.length === 0) {
        this.#links.delete(link);
      }
    }
  }
}

function rowOf(link: string, { samples, newestMs, agent, target, tick }: Held, nowMs: number) {
  const isSilent = nowMs - newestMs > silentMs;
  const hadSamples = Number.isFinite(newestMs);
  const row = {
    link,
    ...(isSilent ? countersOf(agent) : figuresOf(samples)),
    actuator: agent && linkActuator(agent).kind,
    target: target?.name,
    mode: target && (target.paused ? 'paused' : enumWord(target.mode)),
    law: target && enumWord(target.law),
    forecast: forecastOf(target, tick),
    silentSeconds: isSilent && hadSamples ? Math.round((nowMs - newestMs) / 1_000) : undefined,
  };
  return withoutMissing(row);
}

function figuresOf(samples: readonly telemetry.Sample[]): Partial<LinkRow> {
  const newest = samples.at(-1);
  const values = <Key extends keyof telemetry.Sample>(key: Key) =>
    samples.flatMap((sample) => {
      const value = sample[key];
      return typeof value === 'number' ? [{ value, ms: sample.intervalMs ?? 100 }] : [];
    });
  const mean = (weighted: { value: number; ms: number }[]) => {
    const totalMs = sum(weighted.map(({ ms }) => ms));
    return totalMs === 0 ? undefined : sum(weighted.map(({ value, ms }) => value * ms)) / totalMs;
  };
  const highest = (weighted: { value: number }[]) =>
    weighted.length === 0 ? undefined : Math.max(...weighted.map(({ value }) => value));
  const drops = values('droppedPackets').map(({ value, ms }) => ({
    value: (value / ms) * 1_000,
    ms,
  }));
  return {
    throughputBytesPerSecond: mean(values('throughputBytesPerSecond')),
    packetsPerSecond: mean(values('packetsPerSecond')),
    queueBytes: newest?.queueBytes,
    queueHighWaterBytes: highest(values('queueHighWaterBytes')),
    limitBytes: newest?.limitBytes,
    dropsPerSecond: mean(drops),
    latencyP99Seconds: highest(values('latencyP99Seconds')),
  } as Partial<LinkRow>;
}

/** What the agent says by itself where no samples come. */
function countersOf(agent: ebpfAgent.Link | undefined): Partial<LinkRow> {
  return agent === undefined
    ? {}
    : { queueBytes: agent.backlogBytes, limitBytes: agent.limitBytes };
}

function forecastOf(
  target: fsuController.Target | undefined,
  tick: fsuController.Tick | undefined,
): string | undefined {
  if (target !== undefined && !target.predictive) return 'not wanted';
  if (tick?.forecast)
    return forecastWords(tick.forecast, tick.sample?.timeUnixMs ?? tick.timeUnixMs);
  return target === undefined ? undefined : 'none';
}

function withoutMissing(row: { [Key in keyof LinkRow]: LinkRow[Key] | undefined }): LinkRow {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== undefined),
  ) as unknown as LinkRow;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
