import { DelayHistogram } from './delay-histogram.ts';

/** What a period brought. */
export interface PeriodTally {
  arrived: number;
  served: number;
  rejected: number;
  /** Most requests in the system at once. */
  inSystemMax: number;
  /** Longest time beyond the own service of those that were served or gave up, milliseconds. */
  delayMsMax: number;
  /** Sum of the times from arrival to end of those that were served, milliseconds. */
  latencyMsSum: number;
}

/** Counts requests twice: those of the period, and those that arrived since counting began. */
export class ServiceTally {
  readonly delays = new DelayHistogram();
  #period: PeriodTally = nothing();
  #countedFromMs = 0;
  #arrived = 0;
  #served = 0;
  #rejected = 0;

  get arrived(): number {
    return this.#arrived;
  }

  get served(): number {
    return this.#served;
  }

  get rejected(): number {
    return this.#rejected;
  }

  get delayP99Seconds(): number {
    return this.delays.quantile(0.99);
  }

  /** @param inSystem with it */
  arrive(inSystem: number): void {
    this.#period.arrived++;
    this.#arrived++;
    if (inSystem > this.#period.inSystemMax) this.#period.inSystemMax = inSystem;
  }

  /** @param delayMs time beyond its own service on an idle resource */
  serve(arrivedMs: number, { nowMs, delayMs }: { nowMs: number; delayMs: number }): void {
    const period = this.#period;
    period.served++;
    period.latencyMsSum += nowMs - arrivedMs;
    if (delayMs > period.delayMsMax) period.delayMsMax = delayMs;
    if (arrivedMs < this.#countedFromMs) return;
    this.#served++;
    this.delays.add(delayMs / 1000);
  }

  /** One gave up, or was turned away. */
  reject(arrivedMs: number, nowMs: number): void {
    const period = this.#period;
    period.rejected++;
    if (nowMs - arrivedMs > period.delayMsMax) period.delayMsMax = nowMs - arrivedMs;
    if (arrivedMs >= this.#countedFromMs) this.#rejected++;
  }

  /** @param inSystem requests that stay: the next period begins with them */
  takePeriod(inSystem: number): PeriodTally {
    const period = this.#period;
    this.#period = { ...nothing(), inSystemMax: inSystem };
    return period;
  }

  startCounting(nowMs: number): void {
    this.#countedFromMs = nowMs;
    this.#arrived = 0;
    this.#served = 0;
    this.#rejected = 0;
    this.delays.clear();
  }
}

function nothing(): PeriodTally {
  return { arrived: 0, served: 0, rejected: 0, inSystemMax: 0, delayMsMax: 0, latencyMsSum: 0 };
}
