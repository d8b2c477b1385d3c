import { batchSamplesMax } from '@levitate/feature-windows';
import type { PrometheusConfig } from './prometheus-config.ts';
import type { PrometheusMetrics } from './prometheus-metrics.ts';
import {
  filledQuery,
  type PrometheusFeature,
  prometheusFeatureNames,
} from './prometheus-queries.ts';
import { PrometheusSampler } from './prometheus-sampler.ts';
import { PromqlClient } from './promql-client.ts';
import { PromqlError } from './promql-error.ts';
import type { PromqlAnswer, PromqlSeries } from './promql-response.ts';
import { type SourceContext, SourceState } from './source.ts';
import { waitUntil } from './wait-until.ts';

/** @see followPrometheus */
export interface PrometheusOptions {
  config: PrometheusConfig;
  /** How much of the past is asked for at the start and after an outage, milliseconds. */
  backfillMs: number;
  metrics: PrometheusMetrics;
}

/**
 * Queries a Prometheus every interval until the signal aborts. What it does not know of the last
 * window, at the start or after an outage, it asks for with one range query per feature. A query
 * that fails costs its own feature only; when none works, the next round comes later and later.
 */
export async function followPrometheus(
  options: PrometheusOptions,
  context: SourceContext,
): Promise<void> {
  const { config, backfillMs } = options;
  const { clock, signal } = context;
  const state = new SourceState(`prometheus ${new URL(config.url).host}`, context);
  const source = new PrometheusRounds(options);
  if (isSecretInTheOpen(config)) context.logger.warn({ url: config.url }, secretInTheOpen);
  let evaluatedUnixMs: number | undefined;
  let failures = 0;
  // Rounds are planned on a grid: were each planned from the one before, they would drift across
  // the scrapes, and now and then see two where they look for one.
  let plannedMs = clock.monotonicMs();
  try {
    while (!signal.aborted) {
      const times = roundAt({ nowUnixMs: clock.unixMs(), evaluatedUnixMs, config, backfillMs });
      const round = await source.query(times, signal);
      if (signal.aborted) return;
      const isLost = round.samples === undefined;
      failures = isLost ? failures + 1 : 0;
      const waitMs = isLost ? backoffMs(config.interval_ms, failures) : config.interval_ms;
      if (round.trouble === undefined) state.up();
      else state.down(isLost ? `${round.trouble}; next try in ${waitMs} ms` : round.trouble);
      for (const batch of batchesOf(round.samples ?? [])) {
        await context.ingest.append(batch).catch(() => {});
      }
      if (!isLost || round.isTooMuch) evaluatedUnixMs = times.endUnixMs;
      plannedMs = Math.max(plannedMs + waitMs, clock.monotonicMs());
      await waitUntil({ monotonicMs: plannedMs, clock, signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    source.close();
  }
}

const secretInTheOpen = 'prometheus: credentials go over plain HTTP; let prometheus.url be https';

function isSecretInTheOpen({ url, username, token_file }: PrometheusConfig): boolean {
  const { protocol, hostname } = new URL(url);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
  return protocol === 'http:' && !isLoopback && (username !== '' || token_file !== '');
}

/** When a round is evaluated: at its end alone, or at every step up to it. */
interface RoundTimes {
  endUnixMs: number;
  range: { startUnixMs: number; stepMs: number } | undefined;
}

/** What came of a round. */
interface Round {
  /** `undefined` where nothing could be made of it. */
  samples: ReturnType<PrometheusSampler['take']>['samples'] | undefined;
  /** What is wrong, in words; `undefined` when all is well. */
  trouble: string | undefined;
  /** Its range was more than may be held: the next round asks for the present alone. */
  isTooMuch: boolean;
}

class PrometheusRounds {
  readonly #metrics: PrometheusMetrics;
  readonly #client: PromqlClient;
  readonly #sampler: PrometheusSampler;
  readonly #queries: readonly { feature: PrometheusFeature; query: string }[];

  constructor({ config, metrics }: PrometheusOptions) {
    const { interval_ms: intervalMs, lookback_ms: lookbackMs, selector } = config;
    this.#metrics = metrics;
    this.#client = new PromqlClient({
      url: config.url,
      tokenFile: config.token_file,
      username: config.username,
      passwordFile: config.password_file,
      caFile: config.ca_file,
      timeoutMs: config.timeout_ms,
      responseBytesMax: config.response_bytes_max,
      seriesMax: config.series_max,
      lookbackMs,
    });
    this.#sampler = new PrometheusSampler({
      intervalMs,
      lookbackMs,
      hasTime: config.queries.time_seconds !== '',
      naming: { rules: config.links, pattern: config.link },
    });
    this.#queries = prometheusFeatureNames
      .filter((feature) => config.queries[feature] !== '')
      .map((feature) => ({
        feature,
        query: filledQuery(config.queries[feature], { intervalMs, lookbackMs, selector }),
      }));
  }

  close(): void {
    this.#client.close();
  }

  async query({ endUnixMs, range }: RoundTimes, signal: AbortSignal): Promise<Round> {
    const outcomes = await inLanes(this.#queries, async ({ feature, query }) => ({
      feature,
      answer: await this.#answerTo({ query, endUnixMs, range, signal }),
    }));
    const answers = new Map<PrometheusFeature, readonly PromqlSeries[]>();
    const failed: Failed[] = [];
    let notNumbers = 0;
    for (const { feature, answer } of outcomes) {
      if (answer instanceof PromqlError) {
        failed.push({ feature, error: answer });
      } else {
        answers.set(feature, answer.series);
        notNumbers += answer.notNumbers;
      }
    }
    const isBlind = failed.some(({ feature }) => feature === 'time_seconds');
    const isTooMuch =
      range !== undefined && failed.some(({ error }) => error.kind.startsWith('too-'));
    if (isBlind || failed.length === this.#queries.length) {
      return { samples: undefined, trouble: describe(failed), isTooMuch };
    }
    const outcome = this.#sampler.take(answers);
    this.#metrics.took(outcome, notNumbers);
    const trouble = failed.length > 0 ? describe(failed) : emptiness(outcome);
    return { samples: outcome.samples, trouble, isTooMuch };
  }

  async #answerTo(
    query: Parameters<PromqlClient['query']>[0],
  ): Promise<PromqlAnswer | PromqlError> {
    try {
      return await this.#client.query(query);
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      this.#metrics.failed(error.kind);
      return error;
    }
  }
}

/** The present, or all steps since the last round that worked, as far back as a window goes. */
function roundAt(at: {
  nowUnixMs: number;
  evaluatedUnixMs: number | undefined;
  config: PrometheusConfig;
  backfillMs: number;
}): RoundTimes {
  const { nowUnixMs: endUnixMs, evaluatedUnixMs, config, backfillMs } = at;
  const stepMs = config.interval_ms;
  const missingMs = Math.min(backfillMs, endUnixMs - (evaluatedUnixMs ?? 0));
  const steps = Math.min(stepsMax, Math.floor(missingMs / stepMs));
  if (missingMs < 1.5 * stepMs) return { endUnixMs, range: undefined };
  return { endUnixMs, range: { startUnixMs: endUnixMs - steps * stepMs, stepMs } };
}

/** Prometheus refuses a range query of more than 11,000 points a series. */
const stepsMax = 10_000;

/** Doubles up to a minute, or stays at an interval that is longer. */
function backoffMs(intervalMs: number, failures: number): number {
  return Math.max(intervalMs, Math.min(backoffMsMax, intervalMs * 2 ** Math.min(failures - 1, 20)));
}

const backoffMsMax = 60_000;

/** A query that gave no answer. */
interface Failed {
  feature: PrometheusFeature;
  error: PromqlError;
}

function describe(failed: readonly Failed[]): string {
  const [first] = failed;
  if (first === undefined) return '';
  const others = failed.length > 1 ? ` (and ${failed.length - 1} queries more)` : '';
  return `query ${first.feature}${others}: ${first.error.message}`;
}

function emptiness(outcome: ReturnType<PrometheusSampler['take']>): string | undefined {
  if (outcome.freshLinks > 0) return undefined;
  if (outcome.ambiguousValues > 0) {
    return 'several series of one query are the same link; add a label to prometheus.link';
  }
  if (outcome.links > 0) {
    return 'no series was scraped within prometheus.lookback_ms; are its targets up?';
  }
  if (outcome.unnamedSeries > 0) {
    return 'its series lack the labels of prometheus.link; change that, or list prometheus.links';
  }
  return 'it answers, but no query finds a series; see prometheus.selector and prometheus.queries';
}

/** A few at a time: a slow server must not hold as many answers as there are queries. */
async function inLanes<Item, Outcome>(
  items: readonly Item[],
  work: (item: Item) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const rest = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of rest) outcomes[index] = await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return outcomes;
}

const lanes = 4;

function* batchesOf<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += batchSamplesMax) {
    yield items.slice(start, start + batchSamplesMax);
  }
}
