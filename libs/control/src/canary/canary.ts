import { type CanaryReading, CanarySide, type CanarySideRecord } from './canary-side.ts';

/** So many hosts, or this share of all of them. */
export type CanaryStage = { hosts: number } | { share: number };

/** One host, then 10 %, 50 %, all (SPEC 4.4). */
export const canaryStagesDefault: readonly CanaryStage[] = [
  { hosts: 1 },
  { share: 0.1 },
  { share: 0.5 },
  { share: 1 },
];

/** @see Canary */
export interface CanaryOptions {
  stages?: readonly CanaryStage[];
  /** How long a stage is watched before the next, ms; default 24 hours. */
  soakMs?: number;
  /** Drop share of the enforcing hosts above that of the rest that is borne; default 0.001. */
  dropMargin?: number;
  /** p99 delay of the enforcing hosts above that of the rest that is borne, ms; default 10. */
  delayMarginMs?: number;
}

/** Idle: not begun. Rolled back: nothing enforces until it is started again. */
export type CanaryPhase = 'idle' | 'soaking' | 'done' | 'rolled-back';

/** What must survive a restart. */
export interface CanaryRecord {
  version: 1;
  phase: CanaryPhase;
  stage: number;
  soakedMs: number;
  reason: string;
  enforcing: CanarySideRecord;
  rest: CanarySideRecord;
}

/** What a step brought; the moment to write the record, and to tell somebody. */
export type CanaryEvent =
  | { kind: 'advanced'; stage: number }
  | { kind: 'done' }
  | { kind: 'rolled-back'; reason: string };

/** Longest time between two steps that counts as soaked: what was not watched does not, ms. */
const stepMsMax = 5_000;
/** A host that has said nothing for so long is not watched, ms. */
const silentMs = 60_000;
/** Before so much has been watched a difference is chance, ms. */
const judgedFromMs = 60_000;

/**
 * Roll-out of enforcement over hosts, stage by stage (SPEC 4.4). A stage ends after its soak, and
 * only if drops and p99 delay of the hosts that enforce are no worse than those of the rest by more
 * than the margins; where they are, everything is rolled back at once. In the last stage there is
 * no rest: it is held against the rest of the stage before.
 *
 * Soaked is time in which every enforcing host was heard of; a controller that is away, or a clock
 * that jumps, adds none. Hosts enforce in the order in which they are configured.
 */
export class Canary {
  readonly #stages: readonly CanaryStage[];
  readonly #soakMs: number;
  readonly #dropMargin: number;
  readonly #delayMarginMs: number;
  #phase: CanaryPhase = 'idle';
  #stage = 0;
  #soakedMs = 0;
  #reason = '';
  #hosts: readonly string[] = [];
  #enforcing = new CanarySide();
  #rest = new CanarySide();
  readonly #heardMs = new Map<string, number>();
  #lastMs: number | undefined;

  /** @param record of an earlier run; @param hosts in the order in which they are to enforce */
  constructor(options: CanaryOptions, hosts: readonly string[], record?: CanaryRecord) {
    this.#stages = options.stages ?? canaryStagesDefault;
    this.#soakMs = options.soakMs ?? 86_400_000;
    this.#dropMargin = options.dropMargin ?? 0.001;
    this.#delayMarginMs = options.delayMarginMs ?? 10;
    this.#hosts = hosts;
    if (record === undefined) return;
    this.#phase = record.phase;
    this.#stage = Math.min(record.stage, this.#stages.length - 1);
    this.#soakedMs = record.soakedMs;
    this.#reason = record.reason;
    this.#enforcing = new CanarySide(record.enforcing);
    this.#rest = new CanarySide(record.rest);
  }

  get phase(): CanaryPhase {
    return this.#phase;
  }

  get stage(): number {
    return this.#stage;
  }

  get stages(): number {
    return this.#stages.length;
  }

  /** Why it was rolled back, or what the end of the stage waits for. */
  get reason(): string {
    return this.#reason;
  }

  get hosts(): readonly string[] {
    return this.#hosts;
  }

  /** Hosts that may change something now. */
  get enforcingHosts(): readonly string[] {
    if (this.#phase === 'done') return this.#hosts;
    return this.#phase === 'soaking' ? this.#hosts.slice(0, this.#hostsOf(this.#stage)) : [];
  }

  get soakRemainingMs(): number {
    return this.#phase === 'soaking' ? Math.max(0, this.#soakMs - this.#soakedMs) : 0;
  }

  get enforcing(): CanarySide {
    return this.#enforcing;
  }

  get rest(): CanarySide {
    return this.#rest;
  }

  get record(): CanaryRecord {
    return {
      version: 1,
      phase: this.#phase,
      stage: this.#stage,
      soakedMs: this.#soakedMs,
      reason: this.#reason,
      enforcing: this.#enforcing.record,
      rest: this.#rest.record,
    };
  }

  enforces(host: string): boolean {
    return this.enforcingHosts.includes(host);
  }

  /** Other hosts than before; those that are new come last. */
  setHosts(hosts: readonly string[]): void {
    this.#hosts = hosts;
  }

  /** Begin with the first stage; a roll-out under way goes on as it is. */
  start(): void {
    if (this.#phase === 'soaking' || this.#phase === 'done') return;
    this.#enter(0);
    this.#phase = 'soaking';
    this.#rest = new CanarySide();
  }

  /** End it: nothing enforces any more. */
  abort(reason: string): void {
    this.#phase = 'rolled-back';
    this.#reason = reason;
  }

  /** What a host measured. @param nowMs monotonic */
  observe(host: string, reading: CanaryReading, nowMs: number): void {
    this.#heardMs.set(host, nowMs);
    if (this.#phase !== 'soaking') return;
    if (this.enforces(host)) this.#enforcing.add(reading);
    else this.#rest.add(reading);
  }

  /** Time passes. @param nowMs monotonic */
  step(nowMs: number): CanaryEvent | undefined {
    const sinceMs = nowMs - (this.#lastMs ?? nowMs);
    this.#lastMs = nowMs;
    if (this.#phase !== 'soaking' || sinceMs <= 0) return undefined;
    const silent = this.enforcingHosts.find((host) => !this.#isHeard(host, nowMs));
    if (silent !== undefined) {
      this.#reason = `${silent} says nothing, or enforces nothing: the soak stands still`;
      return undefined;
    }
    this.#reason = '';
    this.#soakedMs += Math.min(sinceMs, stepMsMax);
    const worse = this.#soakedMs < Math.min(judgedFromMs, this.#soakMs) ? undefined : this.#worse();
    if (worse !== undefined) {
      this.abort(worse);
      return { kind: 'rolled-back', reason: worse };
    }
    return this.#soakedMs < this.#soakMs ? undefined : this.#advance();
  }

  #advance(): CanaryEvent | undefined {
    if (this.#enforcing.arrivedBytes === 0) {
      this.#reason = 'nothing has arrived at the hosts that enforce: there is nothing to judge by';
      return undefined;
    }
    const next = this.#nextStage();
    if (next === undefined) {
      this.#phase = 'done';
      return { kind: 'done' };
    }
    this.#enter(next);
    return { kind: 'advanced', stage: next };
  }

  /** Stages that would add no host in a fleet this small are passed over. */
  #nextStage(): number | undefined {
    const now = this.#hostsOf(this.#stage);
    if (now >= this.#hosts.length) return undefined;
    for (let stage = this.#stage + 1; stage < this.#stages.length; stage++) {
      if (this.#hostsOf(stage) > now) return stage;
    }
    return undefined;
  }

  #enter(stage: number): void {
    this.#stage = stage;
    this.#soakedMs = 0;
    this.#reason = '';
    this.#enforcing = new CanarySide();
    // Without a rest the one of the stage before stays what is compared with.
    if (this.#hostsOf(stage) < this.#hosts.length) this.#rest = new CanarySide();
  }

  #hostsOf(stage: number): number {
    const one = this.#stages[stage] ?? { share: 1 };
    const hosts = 'hosts' in one ? one.hosts : Math.ceil(one.share * this.#hosts.length);
    return Math.min(this.#hosts.length, Math.max(1, hosts));
  }

  #isHeard(host: string, nowMs: number): boolean {
    return nowMs - (this.#heardMs.get(host) ?? Number.NEGATIVE_INFINITY) <= silentMs;
  }

  /** In words, where the enforcing hosts are worse than the rest by more than a margin. */
  #worse(): string | undefined {
    const [ours, theirs] = [this.#enforcing, this.#rest];
    if (ours.arrivedBytes === 0 || theirs.arrivedBytes === 0) return undefined;
    if (ours.dropShare > theirs.dropShare + this.#dropMargin) {
      const [worse, rest] = [percent(ours.dropShare), percent(theirs.dropShare)];
      return `drops: ${worse} where enforced, ${rest} elsewhere`;
    }
    const [oursMs, theirsMs] = [ours.p99DelayMs, theirs.p99DelayMs];
    if (oursMs > theirsMs + this.#delayMarginMs) {
      const [worse, rest] = [oursMs.toFixed(1), theirsMs.toFixed(1)];
      return `p99 delay: ${worse} ms where enforced, ${rest} ms elsewhere`;
    }
    return undefined;
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)} %`;
}
