import type { Clock } from '@levitate/clock';
import type { Sample } from '@levitate/series';
import type { AgentClients } from './agent-clients.ts';
import type { ControlledTarget } from './controlled-target.ts';
import { CounterCells } from './counter-cells.ts';
import type { ForecastFeed } from './forecast-feed.ts';
import type { FsuMetrics } from './metrics.ts';
import { SampleLedger, type SampleOutcome } from './sample-ledger.ts';

/** Periods without a firing after which the timer fires a target. */
const fallbackPeriods = 1.5;
/** Firings after which every target has caught up once: a second at 10 Hz. */
const catchUpFirings = 10;

/** @see ControlLoop */
export interface ControlLoopOptions {
  /** Asked on every firing. */
  forecasts: Pick<ForecastFeed, 'newest'>;
  /** Its changes of one firing are sent together at its end. */
  agents: Pick<AgentClients, 'flush'>;
  clock: Clock;
  periodMs: number;
  metrics: FsuMetrics;
}

/**
 * The loop: a sample that arrives fires the targets of its link at once; the timer fires those
 * that no sample fired for one and a half periods, so that holds run out and pauses end without
 * telemetry too.
 */
export class ControlLoop {
  readonly #options: ControlLoopOptions;
  #targets: readonly ControlledTarget[] = [];
  #byLink = new Map<string, ControlledTarget[]>();
  readonly #ledgers = new Map<string, SampleLedger>();
  readonly #ticks: CounterCells<'target' | 'trigger'>;
  readonly #unused: CounterCells<'target' | 'reason'>;
  readonly #samples: CounterCells<'outcome'>;
  #isCatchingUp = false;
  /** Which target is the next to catch up. */
  #nextBehind = 0;

  constructor(options: ControlLoopOptions) {
    this.#options = options;
    this.#ticks = new CounterCells(options.metrics.ticks);
    this.#unused = new CounterCells(options.metrics.unused);
    this.#samples = new CounterCells(options.metrics.samples);
  }

  /** Control these from now on. */
  setTargets(targets: readonly ControlledTarget[]): void {
    this.#targets = targets;
    this.#byLink = Map.groupBy(targets, ({ link }) => link);
    for (const link of this.#byLink.keys()) {
      if (!this.#ledgers.has(link)) this.#ledgers.set(link, new SampleLedger());
    }
    for (const link of this.#ledgers.keys()) {
      if (!this.#byLink.has(link)) this.#ledgers.delete(link);
    }
  }

  /** Windows of the past, oldest first: where the controller takes up its work. */
  recall(link: string, samples: readonly Sample[]): void {
    for (const target of this.#byLink.get(link) ?? []) target.recall(samples);
  }

  /** New samples, oldest first within a link. */
  take(samples: readonly Sample[]): void {
    this.#timed(() => {
      for (const [link, own] of this.#grouped(samples)) {
        for (const target of this.#byLink.get(link) ?? []) this.#fire(target, own, 'sample');
      }
    });
  }

  /** The timer fired. */
  onPeriod(at: { lateMs: number; missed: number }): void {
    const { clock, periodMs, metrics } = this.#options;
    metrics.drift.set(at.lateMs / 1_000);
    if (at.missed > 0) metrics.missed.inc(at.missed);
    const idleSinceMs = clock.monotonicMs() - fallbackPeriods * periodMs;
    const idle = this.#targets.filter(({ lastNowMs }) => lastNowMs <= idleSinceMs);
    if (idle.length === 0) return;
    this.#timed(() => {
      for (const target of idle) this.#fire(target, [], 'timer');
    });
  }

  /** Samples that were lost on the way here. */
  lost(count: number): void {
    if (count > 0) this.#options.metrics.samples.inc({ outcome: 'lost' }, count);
  }

  #fire(target: ControlledTarget, samples: readonly Sample[], trigger: 'sample' | 'timer'): void {
    const { forecasts } = this.#options;
    target.fire({ samples, forecast: forecasts.newest(target.link) });
    this.#ticks.inc(target.name, trigger);
    const { forecastUnused: reason } = target;
    if (reason !== '') this.#unused.inc(target.name, reason);
  }

  #grouped(samples: readonly Sample[]): Map<string, Sample[]> {
    const groups = new Map<string, Sample[]>();
    for (const sample of samples) {
      const ledger = this.#ledgers.get(sample.link);
      if (ledger === undefined) continue;
      const outcome: SampleOutcome = ledger.judge(sample);
      this.#samples.inc(outcome);
      const group = groups.get(sample.link);
      if (group === undefined) groups.set(sample.link, [sample]);
      else group.push(sample);
    }
    return groups;
  }

  #timed(work: () => void): void {
    const { agents, clock, metrics } = this.#options;
    const startMs = clock.monotonicMs();
    const startCpu = process.threadCpuUsage();
    work();
    agents.flush();
    const { user, system } = process.threadCpuUsage(startCpu);
    metrics.loopCpuSeconds.observe((user + system) / 1_000_000);
    metrics.loopSeconds.observe((clock.monotonicMs() - startMs) / 1_000);
    this.#catchUpLater();
  }

  /** Once the changes have left, some of the targets in turn do what nothing waits for. */
  #catchUpLater(): void {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    setImmediate(() => {
      this.#isCatchingUp = false;
      for (let left = Math.ceil(this.#targets.length / catchUpFirings); left > 0; left -= 1) {
        this.#nextBehind = (this.#nextBehind + 1) % this.#targets.length;
        this.#targets[this.#nextBehind]?.catchUp();
      }
    });
  }
}
