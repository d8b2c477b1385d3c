import { strict as assert } from 'node:assert';
import type { SeededRandom } from '@levitate/clock';
import type { ArrivalStream } from './arrival-stream.ts';
import { Backend, type BackendReading } from './backend.ts';
import {
  type ControlledResource,
  controlPeriodMs,
  type Reading,
  type ResourceTotals,
} from './controlled-resource.ts';
import { ServiceTally } from './service-tally.ts';
import { drawSlowdowns, noSlowdowns, type Slowdowns } from './slowdowns.ts';

/** The load balancer of the control bench. */
export const loadBalancerBench = {
  /** Nominal capacity of each backend, requests/s. */
  ratesPerSecond: [200, 200, 200, 200, 100, 100, 100, 100] as readonly number[],
  /** Peak demand, requests/s: 0.7 of all backends. */
  peak: 840,
  actuationDelayMs: 1_000,
} as const;

/** Which backends get new requests, and how many. */
export interface Rotation {
  isIn: readonly boolean[];
  /** Shares of the load, at least 0; 0: no new request, and still reserved. */
  weights: readonly number[];
}

/** What a balancer can be asked about the last period; sizes and needs are requests/s. */
export interface LoadBalancerReading extends Reading {
  backends: BackendReading[];
}

/** Settings of a {@link LoadBalancer}. */
export interface LoadBalancerOptions {
  /** At the start, usable at once. */
  rotation: Rotation;
  /** Default `leastconn`: the fewest requests for its weight; else smooth weighted round robin. */
  balance?: 'leastconn' | 'roundrobin';
  /** When each backend is slow; default never. */
  slowdowns?: readonly Slowdowns[];
  /** From when a server is taken in until it may be used, ms; default that of the bench. */
  actuationDelayMs?: number;
}

/** Into rotation, in it, or out of it. */
interface Place {
  isWanted: boolean;
  /** From when on it may get requests. */
  readyMs: number;
  /** Out of rotation: when it was drained. */
  goneMs: number;
}

/**
 * Eight servers behind a balancer. One that is taken in may be used a second later; one that is
 * taken out gets nothing new, counts as reserved until it is drained, and is usable at once if it
 * is taken back before. With no usable server a request is rejected at once, as HAProxy does.
 * A request's own service is what the fastest server would take for it.
 */
export class LoadBalancer
  implements ControlledResource<Rotation, ArrivalStream, LoadBalancerReading>
{
  readonly #tally = new ServiceTally();
  readonly #backends: Backend[];
  readonly #places: Place[];
  readonly #balance: 'leastconn' | 'roundrobin';
  readonly #fastestMs: number;
  readonly #actuationDelayMs: number;
  /** Of smooth weighted round robin (nginx): grows by the weight, falls by the sum when chosen. */
  readonly #credit: Float64Array;
  #weights: Float64Array;
  #lastChosen = 0;
  #cursor = 0;
  #nowMs = 0;
  #reserved = 0;
  #changes = 0;
  #countedFromMs = 0;

  constructor(options: LoadBalancerOptions) {
    const { ratesPerSecond } = loadBalancerBench;
    const { rotation, slowdowns } = options;
    this.#balance = options.balance ?? 'leastconn';
    this.#actuationDelayMs = options.actuationDelayMs ?? loadBalancerBench.actuationDelayMs;
    this.#backends = ratesPerSecond.map(
      (ratePerSecond, index) =>
        new Backend({
          ratePerSecond,
          slowdowns: slowdowns?.[index] ?? noSlowdowns,
          tally: this.#tally,
        }),
    );
    this.#fastestMs = 1000 / Math.max(...ratesPerSecond);
    this.#places = rotation.isIn.map((isWanted) => ({ isWanted, readyMs: 0, goneMs: 0 }));
    this.#weights = weightsOf(rotation);
    this.#credit = new Float64Array(ratesPerSecond.length);
  }

  get inSystem(): number {
    return this.#backends.reduce((sum, backend) => sum + backend.active, 0);
  }

  /** Nominal capacity that counts as reserved now, requests/s. */
  get reserved(): number {
    return this.#sumOfRates(({ isWanted, goneMs }) => isWanted || goneMs > this.#nowMs);
  }

  request(rotation: Rotation): void {
    const weights = weightsOf(rotation);
    let isChange = weights.some((weight, index) => weight !== this.#weights[index]);
    this.#weights = weights;
    this.#places.forEach((place, index) => {
      const isWanted = rotation.isIn[index] === true;
      if (isWanted === place.isWanted) return;
      isChange = true;
      this.#move(place, { isWanted, backend: this.#backends[index] as Backend });
    });
    if (isChange) this.#changes++;
  }

  advance(arrivals: ArrivalStream): LoadBalancerReading {
    const { atMs, work } = arrivals;
    const fromMs = this.#nowMs;
    const endMs = fromMs + controlPeriodMs;
    for (; this.#cursor < atMs.length; this.#cursor++) {
      const at = atMs[this.#cursor] as number;
      if (at >= endMs) break;
      this.#dispatch(at, work[this.#cursor] as number);
    }
    for (const backend of this.#backends) backend.settle(endMs);
    this.#places.forEach(({ isWanted, goneMs }, index) => {
      const untilMs = isWanted ? endMs : Math.max(fromMs, Math.min(goneMs, endMs));
      this.#reserved += ((untilMs - fromMs) * this.#rate(index)) / 1000;
    });
    this.#nowMs = endMs;
    const { arrived, served, rejected, delayMsMax } = this.#tally.takePeriod(this.inSystem);
    const perSecond = 1000 / controlPeriodMs;
    return {
      nowMs: endMs,
      intervalMs: controlPeriodMs,
      size: this.#sumOfRates((place) => this.#isReady(place, endMs)),
      requested: this.#sumOfRates(({ isWanted }) => isWanted),
      need: Math.max(arrived, rejected) * perSecond,
      dropped: rejected * perSecond,
      arrived,
      served,
      rejected,
      delaySecondsMax: delayMsMax / 1000,
      backends: this.#backends.map((backend, index) =>
        backend.take(this.#isReady(this.#places[index] as Place, endMs)),
      ),
    };
  }

  startCounting(): void {
    this.#countedFromMs = this.#nowMs;
    this.#reserved = 0;
    this.#changes = 0;
    this.#tally.startCounting(this.#nowMs);
  }

  totals(): ResourceTotals {
    const elapsedSeconds = (this.#nowMs - this.#countedFromMs) / 1000;
    return {
      arrived: this.#tally.arrived,
      served: this.#tally.served,
      rejected: this.#tally.rejected,
      delayP99Seconds: this.#tally.delayP99Seconds,
      reservedOverPeak: this.#reserved / (loadBalancerBench.peak * elapsedSeconds),
      changes: this.#changes,
      elapsedSeconds,
    };
  }

  #move(place: Place, { isWanted, backend }: { isWanted: boolean; backend: Backend }): void {
    const nowMs = this.#nowMs;
    const isDraining = !place.isWanted && place.goneMs > nowMs;
    place.isWanted = isWanted;
    if (!isWanted) place.goneMs = Math.max(nowMs, backend.lastLeaveMs);
    else place.readyMs = isDraining ? nowMs : nowMs + this.#actuationDelayMs;
  }

  #dispatch(nowMs: number, work: number): void {
    const backends = this.#backends;
    for (let index = 0; index < backends.length; index++) {
      const backend = backends[index] as Backend;
      if (backend.nextLeaveMs <= nowMs) backend.settle(nowMs);
    }
    this.#tally.arrive(0);
    const chosen = this.#balance === 'leastconn' ? this.#least(nowMs) : this.#turn(nowMs);
    if (chosen < 0) this.#tally.reject(nowMs, nowMs);
    else {
      this.#lastChosen = chosen;
      this.#backends[chosen]?.accept(nowMs, { work, ownMs: work * this.#fastestMs });
    }
  }

  /** Fewest requests, the new one included, for its weight; among equals the next in turn. */
  #least(nowMs: number): number {
    const backends = this.#backends;
    const weights = this.#weights;
    let chosen = -1;
    let least = Number.POSITIVE_INFINITY;
    let index = this.#lastChosen;
    for (let turn = 0; turn < backends.length; turn++) {
      index = index + 1 === backends.length ? 0 : index + 1;
      if (!this.#mayTake(index, nowMs)) continue;
      const load = ((backends[index] as Backend).active + 1) / (weights[index] as number);
      if (load < least) {
        least = load;
        chosen = index;
      }
    }
    return chosen;
  }

  #turn(nowMs: number): number {
    const credit = this.#credit;
    let chosen = -1;
    let sum = 0;
    for (let index = 0; index < credit.length; index++) {
      if (!this.#mayTake(index, nowMs)) continue;
      const weight = this.#weights[index] as number;
      sum += weight;
      credit[index] = (credit[index] as number) + weight;
      if (chosen < 0 || (credit[index] as number) > (credit[chosen] as number)) chosen = index;
    }
    if (chosen >= 0) credit[chosen] = (credit[chosen] as number) - sum;
    return chosen;
  }

  #mayTake(index: number, nowMs: number): boolean {
    return (
      (this.#weights[index] as number) > 0 && this.#isReady(this.#places[index] as Place, nowMs)
    );
  }

  #isReady({ isWanted, readyMs }: Place, nowMs: number): boolean {
    return isWanted && readyMs <= nowMs;
  }

  #rate(index: number): number {
    return loadBalancerBench.ratesPerSecond[index] as number;
  }

  #sumOfRates(isCounted: (place: Place) => boolean): number {
    return this.#places.reduce(
      (sum, place, index) => sum + (isCounted(place) ? this.#rate(index) : 0),
      0,
    );
  }
}

/** The fewest backends, fastest first, that together have this capacity; weights by capacity. */
export function rotationOf(capacity: number): Rotation {
  let sum = 0;
  const isIn = loadBalancerBench.ratesPerSecond.map((rate, index) => {
    const isNeeded = index === 0 || sum < capacity;
    if (isNeeded) sum += rate;
    return isNeeded;
  });
  return { isIn, weights: loadBalancerBench.ratesPerSecond };
}

/** Each backend degrades to 0.1-0.6 for 30-120 s, again and again. */
export function backendSlowdowns(options: { untilMs: number; random: SeededRandom }): Slowdowns[] {
  const { untilMs, random } = options;
  return loadBalancerBench.ratesPerSecond.map((_, index) =>
    drawSlowdowns(
      { everySeconds: 600, lastSeconds: [30, 120], factor: [0.1, 0.6] },
      { untilMs, random: random.fork(index) },
    ),
  );
}

function weightsOf({ isIn, weights }: Rotation): Float64Array {
  const count = loadBalancerBench.ratesPerSecond.length;
  assert(isIn.length === count && weights.length === count, `a rotation names ${count} backends`);
  assert(
    weights.every((weight) => weight >= 0 && Number.isFinite(weight)),
    'weights are >= 0',
  );
  return Float64Array.from(weights);
}
