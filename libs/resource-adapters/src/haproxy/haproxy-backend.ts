import type { Clock } from '@levitate/clock';
import { BalancerRotation, type BalancerServer, type ServerPeriod } from '@levitate/control';
import type { ManagedResource, NotedOriginal, ResourceMeasurement } from '@levitate/resource-sdk';
import { systemClock } from '@levitate/service-kit';
import { FreshUptime } from './fresh-uptime.ts';
import { addressText, type HaproxySource, haproxyName } from './haproxy-address.ts';
import { HaproxyError } from './haproxy-error.ts';
import type { ServerState } from './read-answers.ts';
import { RotationInForce } from './rotation-in-force.ts';
import { type BackendState, RuntimeApi, type RuntimeApiOptions } from './runtime-api.ts';
import { type TrafficRates, TrafficWindow } from './traffic-window.ts';
import { readWeights, writeWeights } from './weight-notes.ts';

/** @see HaproxyBackend */
export interface HaproxyBackendOptions extends HaproxySource, Omit<RuntimeApiOptions, 'address'> {
  /** Default `haproxy-BACKEND`. */
  name?: string | undefined;
  /**
   * What one unit of a server's configured weight stands for, requests/s; default 1. With servers
   * of weight 100 that serve 200 requests/s each: 2.
   */
  perWeight?: number | undefined;
  /** Least capacity in rotation, requests/s. */
  min: number;
  /** Most, requests/s: all servers together. */
  max: number;
  /** Step of the capacity, requests/s: the smallest server's. */
  quantum: number;
  /** From when a server is taken into rotation until it serves at full speed, ms; default 0. */
  actuationDelayMs?: number | undefined;
  /** What rates are taken over, ms; default 1,000. */
  windowMs?: number | undefined;
  /** How long a weight that somebody else has set is left alone, ms; default 60,000. */
  handOffMs?: number | undefined;
  /** Default the clocks of this machine. */
  clock?: Clock | undefined;
}

/** What `open` finds out by itself. */
export type HaproxyBackendFound = 'min' | 'max' | 'quantum';

/** What is measured of a backend. */
export interface HaproxyMeasurement extends ResourceMeasurement {
  /**
   * What was asked for is set, less than that serves, and another choice would be better: the same
   * size should be applied again. At most once a second.
   */
  isStale: boolean;
}

/** A rotation is not chosen anew before, ms. */
const restMs = 1_000;

/** What was seen last. */
interface Seen extends BackendState {
  rates: TrafficRates;
}

/**
 * A backend of HAProxy, in requests/s of capacity in rotation: the configured weights of the
 * servers that take requests, times `perWeight`. A size says how many; which ones, and how much
 * each gets, is chosen by their health and measured speed.
 *
 * All that is ever set are weights: 0 takes a server out as `drain` does (what it has is finished),
 * and leaves maintenance and drain to operators, whose servers are not touched. Backup servers and
 * servers of configured weight 0 are not part of it. The algorithm must take weights at run time:
 * `leastconn`, `roundrobin`, `random`, or a consistent hash.
 */
export class HaproxyBackend implements ManagedResource {
  readonly name: string;
  readonly unit = 'requests/s';
  readonly min: number;
  readonly max: number;
  readonly quantum: number;
  readonly actuationDelayMs: number;
  readonly #api: RuntimeApi;
  readonly #backend: string;
  readonly #perWeight: number;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #uptime = new FreshUptime();
  readonly #inForce: RotationInForce;
  #window: TrafficWindow;
  #rotation = new BalancerRotation();
  #seen: Seen | undefined;
  #chosenMs = Number.NEGATIVE_INFINITY;

  constructor(options: HaproxyBackendOptions) {
    const { backend, min, max, quantum, perWeight = 1, windowMs = 1_000 } = options;
    const { handOffMs = 60_000 } = options;
    this.#backend = haproxyName(backend, 'backend');
    this.name = options.name ?? `haproxy-${backend.replaceAll(':', '-')}`;
    this.min = min;
    this.max = max;
    this.quantum = quantum;
    this.actuationDelayMs = options.actuationDelayMs ?? 0;
    this.#api = new RuntimeApi(options);
    this.#perWeight = perWeight;
    this.#clock = options.clock ?? systemClock;
    this.#windowMs = windowMs;
    this.#inForce = new RotationInForce({ perWeight, handOffMs });
    this.#window = new TrafficWindow({ windowMs });
  }

  /**
   * One whose bounds are what HAProxy is configured with: from its smallest server to all of them.
   * @throws {HaproxyError} as `RuntimeApi.read`, and NOT_FOUND for a backend without usable servers
   */
  static async open(
    options: Omit<HaproxyBackendOptions, HaproxyBackendFound> &
      Partial<Pick<HaproxyBackendOptions, HaproxyBackendFound>>,
    signal: AbortSignal,
  ): Promise<HaproxyBackend> {
    const { address, backend, perWeight = 1 } = options;
    const { servers } = await new RuntimeApi(options).read(backend, signal);
    const capacities = rulable(servers).map(({ nominalWeight }) => nominalWeight * perWeight);
    if (capacities.length === 0) {
      const what = `backend ${backend} of ${addressText(address)} has no server with a weight`;
      throw new HaproxyError('NOT_FOUND', what);
    }
    const least = Math.min(...capacities);
    const most = capacities.reduce((sum, each) => sum + each, 0);
    const { min = least, max = most, quantum = least } = options;
    return new HaproxyBackend({ ...options, min, max, quantum });
  }

  /** @throws {HaproxyError} as `RuntimeApi.read`, and STALE */
  async measure(signal: AbortSignal): Promise<HaproxyMeasurement> {
    const { servers, rates, info } = await this.#look(signal);
    const size = this.#inForce.size(servers);
    const asked = rates.arrivedPerSecond + rates.queued;
    const { queueS, connectS } = (this.#seen as Seen).traffic.backend;
    return {
      size,
      need: this.#rotation.need(asked, size),
      rejected: Math.min(rates.rejectedPerSecond, asked),
      ...(rates.arrivedPerSecond > 0 && { delayS: queueS + connectS }),
      instance: info.instance,
      isStale: this.#isStale(servers),
    };
  }

  /** @throws {HaproxyError} as `RuntimeApi.setWeights`, and INVALID */
  async apply(size: number, signal: AbortSignal): Promise<void> {
    if (!(size > 0) || !Number.isFinite(size)) {
      throw new HaproxyError('INVALID', `${size} requests/s is no capacity`);
    }
    const { servers } = await this.#look(signal);
    const weights = this.#rotation.choose(size);
    await this.#set(servers, weights, signal);
    this.#inForce.ask(size, weights);
    this.#chosenMs = this.#clock.monotonicMs();
  }

  /** @throws {HaproxyError} as `RuntimeApi.read` */
  async snapshot(signal: AbortSignal): Promise<string> {
    const { servers } = await this.#look(signal);
    return writeWeights(servers);
  }

  /**
   * Weights as they were noted, read back. Maintenance and drain stay as operators have set them;
   * servers that are gone stay gone.
   * @throws {HaproxyError} as `RuntimeApi.setWeights`, IGNORED, INVALID
   */
  async restore(original: NotedOriginal, signal: AbortSignal): Promise<void> {
    if (original.snapshot === undefined) return this.apply(original.size, signal);
    const noted = readWeights(original.snapshot);
    const { servers } = await this.#look(signal);
    await this.#set(servers, noted, signal);
    const after = await this.#look(signal);
    const wrong = after.servers.filter(
      ({ name, weight }) => (noted.get(name) ?? weight) !== weight,
    );
    if (wrong.length > 0) {
      const names = wrong.slice(0, 5).map(({ name }) => name);
      const what = `${wrong.length} weights are not as they were put back (${names.join(', ')})`;
      throw new HaproxyError('IGNORED', what);
    }
    this.#inForce.ask(original.size, noted);
  }

  metrics(): Readonly<Record<string, number>> {
    const seen = this.#seen;
    if (seen === undefined) return {};
    const { servers, rates, traffic } = seen;
    const nowMs = this.#clock.monotonicMs();
    const count = (is: (server: ServerState) => boolean) => servers.filter(is).length;
    const isDraining = ({ name, weight, isHeld }: ServerState) =>
      (weight === 0 || isHeld) && (traffic.servers.get(name)?.current ?? 0) > 0;
    return {
      requestsPerSecond: rates.arrivedPerSecond,
      rejectedPerSecond: rates.rejectedPerSecond,
      retriedPerSecond: rates.retriedPerSecond,
      queuedRequests: rates.queued,
      queueSecondsMean: traffic.backend.queueS,
      connectSecondsMean: traffic.backend.connectS,
      responseSecondsMean: traffic.backend.responseS,
      totalSecondsMean: traffic.backend.totalS,
      servers: servers.length,
      serversHealthy: count(({ isUp }) => isUp),
      serversInRotation: count(isIn),
      serversDraining: count(isDraining),
      serversHeldByOperator: count(({ isHeld }) => isHeld),
      serversSetByHand: count(({ name }) => this.#inForce.isSetByHand(name, nowMs)),
      serversSlow: count(({ name }) => this.#rotation.speed(name) < 1),
      usableRequestsPerSecond: this.#rotation.usable,
    };
  }

  async #look(signal: AbortSignal): Promise<Seen> {
    const state = await this.#api.read(this.#backend, signal);
    const nowMs = this.#clock.monotonicMs();
    this.#uptime.check(nowMs, state.info);
    const before = this.#seen;
    if (before !== undefined && before.info.instance !== state.info.instance) this.#startOver();
    const servers = rulable(state.servers);
    const rates = this.#window.add(nowMs, state.traffic);
    this.#inForce.look(nowMs, servers);
    const periods = this.#window.periods();
    this.#rotation.observe(
      nowMs,
      servers.map((server) => this.#serverOf(server, { nowMs, period: periods.get(server.name) })),
    );
    this.#seen = { ...state, servers, rates };
    return this.#seen;
  }

  #isStale(servers: readonly ServerState[]): boolean {
    const { asked } = this.#inForce;
    if (asked === undefined || !this.#inForce.isAsAsked(servers)) return false;
    const isRested = this.#clock.monotonicMs() - this.#chosenMs >= restMs;
    return isRested && this.#rotation.isStale(asked);
  }

  #serverOf(
    { name, weight, nominalWeight, isUp, isHeld }: ServerState,
    { nowMs, period }: { nowMs: number; period: ServerPeriod | undefined },
  ): BalancerServer {
    return {
      name,
      weight,
      nominalWeight,
      capacity: nominalWeight * this.#perWeight,
      isUp: isUp && !isHeld,
      isFree: !isHeld && !this.#inForce.isSetByHand(name, nowMs),
      period,
    };
  }

  /** Another run of HAProxy: its counters and its weights are its own. */
  #startOver(): void {
    this.#window = new TrafficWindow({ windowMs: this.#windowMs });
    this.#rotation = new BalancerRotation();
    this.#inForce.forget();
  }

  /** Those that come in before those that go: no request finds nobody. */
  async #set(
    servers: readonly ServerState[],
    weights: ReadonlyMap<string, number>,
    signal: AbortSignal,
  ): Promise<void> {
    const changes = servers.flatMap(({ name, weight }) => {
      const to = weights.get(name) ?? weight;
      return to === weight ? [] : [[name, to] as const];
    });
    changes.sort(([, one], [, other]) => other - one);
    if (changes.length > 0) await this.#api.setWeights(this.#backend, changes, signal);
  }
}

function isIn({ weight, isHeld }: ServerState): boolean {
  return weight > 0 && !isHeld;
}

function rulable(servers: readonly ServerState[]): ServerState[] {
  return servers.filter(({ nominalWeight, isBackup }) => nominalWeight > 0 && !isBackup);
}
