import type { Clock } from '@levitate/clock';
import type { fsuController } from '@levitate/contracts';
import {
  Canary,
  type CanaryEvent,
  type CanaryPhase,
  type CanaryReading,
  type CanaryRecord,
} from '@levitate/control';
import type { StateDirectory } from '@levitate/service-kit';
import type { CanaryConfig } from './canary-config.ts';
import { stateNotDurable } from './errors.ts';
import { resourceToProto } from './proto-words.ts';
import type { TargetConfig } from './target-config.ts';

const fileName = 'canary.json';
/** Between two looks at the clock, and between two records of what was measured, ms. */
const [stepMs, recordMs] = [1_000, 60_000];

type Kind = TargetConfig['resource'];

/** The roll-out by stages, as a target sees it. */
export interface CanaryGate {
  /** Whether this target may change anything as far as the roll-out goes. */
  enforces(config: TargetConfig): boolean;
  observe(config: TargetConfig, reading: CanaryReading): void;
}

/** @see CanaryRollout */
export interface CanaryRolloutOptions {
  config: CanaryConfig;
  directory: Pick<StateDirectory, 'read' | 'writeDurably'>;
  clock: Clock;
  /** Host of a target that names none. */
  hostOf: (config: TargetConfig) => string;
  onEvent: (resource: Kind, event: CanaryEvent) => void;
  onFailure: (error: unknown) => void;
}

/**
 * Roll-outs of enforcement over the hosts of targets with `canary: true`, one a kind of resource:
 * their figures do not compare. Durable: a restart goes on where it stood.
 */
export class CanaryRollout implements CanaryGate {
  readonly #options: CanaryRolloutOptions;
  readonly #canaries = new Map<Kind, Canary>();
  readonly #records: Partial<Record<Kind, CanaryRecord>>;
  #recordedMs: number;

  private constructor(
    options: CanaryRolloutOptions,
    records: Partial<Record<Kind, CanaryRecord>> = {},
  ) {
    this.#options = options;
    this.#records = records;
    this.#recordedMs = options.clock.monotonicMs();
  }

  /** Takes up what an earlier run left. @throws {StateDirectoryError} */
  static async open(options: CanaryRolloutOptions): Promise<CanaryRollout> {
    const bytes = await options.directory.read(fileName);
    if (bytes === undefined) return new CanaryRollout(options);
    return new CanaryRollout(options, JSON.parse(bytes.toString('utf8')));
  }

  /** Which targets there are now. */
  follow(configs: readonly TargetConfig[]): void {
    const taking = configs.filter(({ canary }) => canary);
    for (const kind of new Set([...this.#canaries.keys(), ...taking.map((one) => one.resource)])) {
      const own = taking.filter(({ resource }) => resource === kind);
      const hosts = [...new Set(own.map((config) => this.#options.hostOf(config)))];
      const known = this.#canaries.get(kind);
      if (known === undefined) this.#canaries.set(kind, this.#begun(kind, hosts));
      else known.setHosts(hosts);
    }
  }

  enforces(config: TargetConfig): boolean {
    if (!config.canary) return true;
    const host = this.#options.hostOf(config);
    return this.#canaries.get(config.resource)?.enforces(host) ?? false;
  }

  observe(config: TargetConfig, reading: CanaryReading): void {
    const { clock, hostOf } = this.#options;
    const canary = this.#canaries.get(config.resource);
    canary?.observe(hostOf(config), reading, clock.monotonicMs());
  }

  /** @throws RpcError `STATE_NOT_DURABLE`; the order is in force nevertheless */
  async start(): Promise<void> {
    for (const canary of this.#canaries.values()) canary.start();
    await this.#noteOrder();
  }

  /** @throws RpcError `STATE_NOT_DURABLE`; the order is in force nevertheless */
  async abort(reason: string): Promise<void> {
    for (const canary of this.#canaries.values()) canary.abort(reason);
    await this.#noteOrder();
  }

  /** Let time pass until `signal` aborts, then note what was measured. */
  async run(signal: AbortSignal): Promise<void> {
    const timer = setInterval(() => this.step(), stepMs);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    clearInterval(timer);
    await this.#write().catch(this.#options.onFailure);
  }

  /** One look at the clock; `run` calls it. */
  step(): void {
    const { clock, onEvent, onFailure } = this.#options;
    const nowMs = clock.monotonicMs();
    let isDue = nowMs - this.#recordedMs >= recordMs;
    for (const [kind, canary] of this.#canaries) {
      const event = canary.step(nowMs);
      if (event === undefined) continue;
      isDue = true;
      onEvent(kind, event);
    }
    if (!isDue) return;
    this.#recordedMs = nowMs;
    void this.#write().catch(onFailure);
  }

  toProto(): fsuController.CanaryInit[] {
    return [...this.#canaries].map(([kind, canary]) => ({
      phase: phaseToProto[canary.phase],
      stage: canary.stage,
      stages: canary.stages,
      hosts: canary.hosts.length,
      enforcingHosts: [...canary.enforcingHosts],
      soakRemainingSeconds: canary.soakRemainingMs / 1_000,
      reason: canary.reason,
      enforcing: sideToProto(canary.enforcing, canary.enforcingHosts.length),
      rest: sideToProto(canary.rest, canary.hosts.length - canary.enforcingHosts.length),
      resource: resourceToProto[kind],
    }));
  }

  #begun(kind: Kind, hosts: readonly string[]): Canary {
    const { config } = this.#options;
    const options = {
      stages: config.stages,
      soakMs: config.soak_hours * 3_600_000,
      dropMargin: config.drop_margin,
      delayMarginMs: config.delay_margin_ms,
    };
    return new Canary(options, hosts, this.#records[kind]);
  }

  async #noteOrder(): Promise<void> {
    await this.#write().catch((error: unknown) => {
      throw stateNotDurable(error);
    });
  }

  async #write(): Promise<void> {
    if (this.#canaries.size === 0) return;
    const records = [...this.#canaries].map(([kind, { record }]) => [kind, record]);
    const text = JSON.stringify(Object.fromEntries(records));
    await this.#options.directory.writeDurably(fileName, text);
  }
}

const phaseToProto: Readonly<Record<CanaryPhase, fsuController.CanaryPhase>> = {
  idle: 'CANARY_PHASE_IDLE',
  soaking: 'CANARY_PHASE_SOAKING',
  done: 'CANARY_PHASE_DONE',
  'rolled-back': 'CANARY_PHASE_ROLLED_BACK',
};

function sideToProto({ dropShare, p99DelayMs }: Canary['rest'], hosts: number) {
  return { hosts, dropShare, p99DelayMs };
}
