import { setTimeout as delay } from 'node:timers/promises';
import { type FeatureWindows, PendingSamples } from '@levitate/feature-windows';
import type { PathSample, Sample, TimedSample } from '@levitate/series';
import type { Logger } from '@levitate/service-kit';
import type { Registry } from 'prom-client';
import type { InfluxConfig } from './influx-config.ts';
import { type InfluxMetrics, influxMetrics } from './influx-metrics.ts';
import { outcomeOf, type WriteOutcome } from './influx-outcome.ts';
import { linkLine, pathLine } from './influx-points.ts';
import { InfluxEndpoint } from './influx-request.ts';

/** @see InfluxOutput */
export interface InfluxOutputOptions {
  config: InfluxConfig;
  registry: Registry;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/**
 * Writes what the windows take to an InfluxDB: batched, one request at a time, tried again while it
 * is away, up to a stated bound; what it refuses is dropped and counted with the reason, so that
 * one bad batch never holds up the others.
 */
export class InfluxOutput {
  readonly #config: InfluxConfig;
  readonly #endpoint: InfluxEndpoint;
  readonly #pending: PendingSamples<string>;
  readonly #metrics: InfluxMetrics;
  readonly #logger: InfluxOutputOptions['logger'];
  readonly #following = new AbortController();
  readonly #cut = new AbortController();
  readonly #running: Promise<unknown>[] = [];
  #isEnding = false;
  #batchLines: number;
  #failures = 0;
  #refusal = '';

  /** @throws TelemetryError `influx-file` */
  static async open(options: InfluxOutputOptions): Promise<InfluxOutput> {
    return new InfluxOutput(options, await InfluxEndpoint.open(options.config));
  }

  private constructor(options: InfluxOutputOptions, endpoint: InfluxEndpoint) {
    this.#config = options.config;
    this.#endpoint = endpoint;
    this.#logger = options.logger;
    this.#batchLines = options.config.batch_lines;
    this.#pending = new PendingSamples(options.config.pending_lines_max);
    this.#metrics = influxMetrics(options.registry, this.#pending);
  }

  /** Writes from now on what these windows take. */
  start(windows: { links: FeatureWindows<Sample>; paths: FeatureWindows<PathSample> }): void {
    this.#running.push(
      this.#follow(windows.links, linkLine),
      this.#follow(windows.paths, pathLine),
      this.#send(),
    );
  }

  /** Sends what waits, for at most `deadlineMs`; what is left then is lost and said so. */
  async drain(deadlineMs: number): Promise<void> {
    // One turn, so that followers take what was appended last.
    await new Promise((resolve) => setImmediate(resolve));
    this.#following.abort();
    this.#isEnding = true;
    this.#pending.wake();
    const timer = setTimeout(() => this.#cut.abort(), deadlineMs);
    await Promise.all(this.#running);
    clearTimeout(timer);
    this.#endpoint.close();
    const lines = this.#pending.size;
    if (lines > 0) {
      this.#metrics.lost(lines);
      this.#logger.error({ lines }, 'InfluxDB did not take all lines within the grace period');
    }
  }

  async #follow<S extends TimedSample>(
    windows: FeatureWindows<S>,
    lineOf: (sample: S) => string | undefined,
  ): Promise<void> {
    const { signal } = this.#following;
    for await (const { samples, lost } of windows.follow({ backlog: false, signal })) {
      this.#metrics.lost(lost);
      const lines = samples.map(lineOf).filter((line) => line !== undefined);
      if (lines.length > 0) this.#pending.offer(lines);
    }
  }

  async #send(): Promise<void> {
    const { signal } = this.#cut;
    while (!signal.aborted) {
      if (this.#pending.waiting === 0) {
        if (this.#isEnding) return;
        await this.#pending.arrival();
      }
      if (!this.#isEnding && this.#pending.waiting < this.#batchLines) await this.#gather();
      if (this.#pending.waiting > 0) await this.#sendBatch(signal);
    }
  }

  async #gather(): Promise<void> {
    const { signal } = this.#following;
    await delay(this.#config.flush_interval_ms, undefined, { signal }).catch(() => {});
  }

  async #sendBatch(signal: AbortSignal): Promise<void> {
    const lines = this.#pending.take(this.#batchLines);
    const outcome = outcomeOf(await this.#endpoint.write(lines, signal), lines.length);
    this.#account(lines, outcome);
    if (outcome.verdict !== 'away') return;
    this.#failures += 1;
    const backoffMs = Math.min(backoffMsMax, backoffMsMin * 2 ** (this.#failures - 1));
    const waitMs = outcome.waitMs ?? backoffMs * (0.5 + Math.random() / 2);
    const isOver = AbortSignal.any([signal, ...(this.#isEnding ? [] : [this.#following.signal])]);
    await delay(waitMs, undefined, { signal: isOver }).catch(() => {});
  }

  #account(lines: string[], outcome: WriteOutcome): void {
    switch (outcome.verdict) {
      case 'away':
        this.#pending.putBack(lines);
        this.#state(outcome.why);
        return;
      case 'halve':
        this.#pending.putBack(lines);
        this.#batchLines = Math.ceil(lines.length / 2);
        return;
      case 'refused':
        this.#pending.giveUp(lines.length);
        this.#refuse(lines.length, outcome);
        break;
      case 'written':
        this.#pending.written(lines.length - outcome.refused);
        this.#pending.giveUp(outcome.refused);
        this.#metrics.written(lines.length - outcome.refused);
        if (outcome.refused > 0) this.#refuse(outcome.refused, outcome);
        break;
    }
    this.#failures = 0;
    this.#state('');
    // Lines differ in length: the next ones may fit in larger requests again.
    this.#batchLines = Math.min(this.#config.batch_lines, this.#batchLines * 2);
  }

  /** Every refusal is counted; the log has each reason once until it changes. */
  #refuse(lines: number, { reason, why }: Extract<WriteOutcome, { why: string; reason: string }>) {
    this.#metrics.refused(reason, lines);
    if (why === this.#refusal) return;
    this.#refusal = why;
    this.#logger.error({ lines, reason, why }, 'InfluxDB refused lines; they are dropped');
  }

  #state(why: string): void {
    const wasAway = this.#metrics.connected(why === '');
    const { url, pending_lines_max } = this.#config;
    if (why !== '' && wasAway !== true) {
      this.#logger.error({ url, why, pending_lines_max }, degraded);
    } else if (why === '' && wasAway !== false) {
      const lines_lost = this.#metrics.overflowed();
      this.#logger.info({ url, lines_lost }, 'InfluxDB takes lines');
    }
  }
}

const degraded = [
  'DEGRADED: InfluxDB is away; lines wait,',
  'and beyond pending_lines_max the oldest are lost',
].join(' ');
const backoffMsMin = 250;
const backoffMsMax = 15_000;
