import type { Clock } from '@levitate/clock';
import type { ManagedResource, NotedOriginal, ResourceMeasurement } from '@levitate/resource-sdk';
import { systemClock } from '@levitate/service-kit';
import { FreshUptime } from './fresh-uptime.ts';
import { addressText, type HaproxySource, haproxyName } from './haproxy-address.ts';
import { HaproxyError } from './haproxy-error.ts';
import type { ServerState } from './read-answers.ts';
import { type Candidate, chooseRotation } from './rotation-choice.ts';
import { RotationInForce } from './rotation-in-force.ts';
import { type BackendState, RuntimeApi, type RuntimeApiOptions } from './runtime-api.ts';
import { ServerSpeeds } from './server-speeds.ts';
import { type ServerLoad, type TrafficRates, TrafficWindow } from './traffic-window.ts';
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

/** One server, as whoever chooses a rotation wants to know it. */
export interface ObservedServer extends ServerLoad {
  name: string;
  /** Health checks and operators let it have requests. */
  isUp: boolean;
  /** It takes requests now. */
  isIn: boolean;
  /** Requests/s at full speed. */
  nominal: number;
}

/** A backend within the last `windowMs`. */
export interface BackendObservation extends TrafficRates {
  servers: ObservedServer[];
}

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
  readonly #rotation: RotationInForce;
  #window: TrafficWindow;
  #speeds: ServerSpeeds;
  #seen: Seen | undefined;

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
    this.#rotation = new RotationInForce({ perWeight, handOffMs });
    this.#window = new TrafficWindow({ windowMs });
    this.#speeds = new ServerSpeeds(perWeight);
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
  async measure(signal: AbortSignal): Promise<ResourceMeasurement> {
    const { servers, rates, info } = await this.#look(signal);
    const size = this.#rotation.size(servers);
    const usable = this.#usable(servers);
    const asked = rates.arrivedPerSecond + rates.queued;
    const { queueS, connectS } = (this.#seen as Seen).traffic.backend;
    return {
      size,
      need: needOf({ asked, size, usable }),
      rejected: Math.min(rates.rejectedPerSecond, asked),
      ...(rates.arrivedPerSecond > 0 && { delayS: queueS + connectS }),
      instance: info.instance,
    };
  }

  /** @throws {HaproxyError} as `RuntimeApi.setWeights`, and INVALID */
  async apply(size: number, signal: AbortSignal): Promise<void> {
    if (!(size > 0) || !Number.isFinite(size)) {
      throw new HaproxyError('INVALID', `${size} requests/s is no capacity`);
    }
    const { servers } = await this.#look(signal);
    const weights = this.#chosen(size, servers);
    await this.#set(servers, weights, signal);
    this.#rotation.ask(size, weights);
  }

  /** For who chooses rotations itself. @throws {HaproxyError} as `measure` */
  async observe(signal: AbortSignal): Promise<BackendObservation> {
    const { servers, rates } = await this.#look(signal);
    const loads = this.#window.loads();
    const idle = { servedPerSecond: 0, inFlight: 0, latencyS: undefined };
    return {
      ...rates,
      servers: servers.map((server) => ({
        name: server.name,
        isUp: server.isUp && !server.isHeld,
        isIn: isIn(server),
        nominal: server.nominalWeight * this.#perWeight,
        ...(loads.get(server.name) ?? idle),
      })),
    };
  }

  /**
   * Put weights in force that were chosen elsewhere; servers that are held stay as they are.
   * @param weights 0 to 256 by server; at least one above 0
   * @throws {HaproxyError} as `RuntimeApi.setWeights`, and INVALID
   */
  async rotate(weights: ReadonlyMap<string, number>, signal: AbortSignal): Promise<void> {
    if (![...weights.values()].some((weight) => weight > 0)) {
      throw new HaproxyError('INVALID', 'a rotation without any server would reject every request');
    }
    const { servers } = await this.#look(signal);
    const ours = servers.filter(({ isHeld }) => !isHeld);
    await this.#set(ours, weights, signal);
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
    this.#rotation.ask(original.size, noted);
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
      serversSetByHand: count(({ name }) => this.#rotation.isSetByHand(name, nowMs)),
      serversSlow: count(({ name }) => this.#speeds.share(name) < 1),
      usableRequestsPerSecond: this.#usable(servers),
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
    this.#speeds.add(nowMs, servers, this.#window.periods());
    this.#rotation.look(nowMs, servers);
    this.#seen = { ...state, servers, rates };
    return this.#seen;
  }

  /** Another run of HAProxy: its counters and its weights are its own. */
  #startOver(): void {
    this.#window = new TrafficWindow({ windowMs: this.#windowMs });
    this.#speeds = new ServerSpeeds(this.#perWeight);
    this.#rotation.forget();
  }

  /** The weights for a capacity; those of operators are taken as they are. */
  #chosen(size: number, servers: readonly ServerState[]): Map<string, number> {
    const nowMs = this.#clock.monotonicMs();
    const ours = servers.filter(
      ({ name, isHeld }) => !isHeld && !this.#rotation.isSetByHand(name, nowMs),
    );
    const theirs = servers.filter((server) => !ours.includes(server));
    return chooseRotation(
      ours.map((server) => this.#candidate(server)),
      size - this.#usable(theirs),
    );
  }

  #candidate(server: ServerState): Candidate {
    const { name, isUp, nominalWeight } = server;
    return {
      name,
      isUp,
      isIn: isIn(server),
      capacity: nominalWeight * this.#perWeight,
      speed: this.#speeds.share(name),
      nominalWeight,
    };
  }

  /** Capacity that serves, requests/s. */
  #usable(servers: readonly ServerState[]): number {
    return servers.reduce((sum, server) => {
      const { capacity, speed, isUp } = this.#candidate(server);
      return sum + (isUp && isIn(server) ? capacity * speed : 0);
    }, 0);
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

/**
 * What was asked for, in capacity as it is set. Where less than that serves, because servers are
 * down, slow or held, the need is larger by as much as makes up for it: so that the part that
 * serves is used to the same share, and at most by all that is missing.
 */
function needOf({ asked, size, usable }: { asked: number; size: number; usable: number }): number {
  const missing = Math.max(0, size - usable);
  if (missing === 0) return asked;
  return usable === 0 ? asked + missing : Math.min((asked * size) / usable, asked + missing);
}
