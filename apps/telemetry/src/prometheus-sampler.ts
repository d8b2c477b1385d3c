import type { Sample } from '@levitate/series';
import { type LinkRule, linkOf } from './prometheus-links.ts';
import { featureOf, type PrometheusFeature } from './prometheus-queries.ts';
import type { PromqlPoint, PromqlSeries } from './promql-response.ts';

/** @see PrometheusSampler */
export interface PrometheusSamplerOptions {
  /** Time between two evaluations, milliseconds; assumed where it is not known between scrapes. */
  intervalMs: number;
  /** A link whose newest scrape is older at its evaluation is silent, milliseconds. */
  lookbackMs: number;
  /** Whether `time_seconds` is asked for: without it a value is as of its evaluation. */
  hasTime: boolean;
  naming: { rules: readonly LinkRule[]; pattern: string };
}

/** The series each feature's query gave; all were evaluated at the same times. */
export type FeatureSeries = ReadonlyMap<PrometheusFeature, readonly PromqlSeries[]>;

/** What one round of queries came to. */
export interface SamplerOutcome {
  /** By link, oldest first. */
  samples: Sample[];
  /** Links that had a value, new or not. */
  links: number;
  /** Those of them that were scraped within the lookback. */
  freshLinks: number;
  /** Series that no rule and no pattern makes a link of. */
  unnamedSeries: number;
  /** Values of a feature that its link has from another series already: neither is believed. */
  ambiguousValues: number;
  /** Values below zero or beyond what can be. */
  impossibleValues: number;
}

/**
 * Values of queries to samples of links; a pure state machine. A sample is as of its scrape: one
 * scrape makes one sample however often it is asked for, its interval is the time since the scrape
 * before, so that a slow source keeps its own resolution. What is missing stays missing: a feature
 * without a value has none, a link without a fresh scrape has no sample.
 */
export class PrometheusSampler {
  readonly #options: PrometheusSamplerOptions;
  readonly #newest = new Map<string, { timeUnixMs: number; sequence: number; behind: number }>();

  constructor(options: PrometheusSamplerOptions) {
    this.#options = options;
  }

  take(features: FeatureSeries): SamplerOutcome {
    const outcome = {
      samples: [],
      links: 0,
      freshLinks: 0,
      unnamedSeries: 0,
      ambiguousValues: 0,
      impossibleValues: 0,
    };
    const byLink = this.#byLink(features, outcome);
    const samples: Sample[] = [];
    for (const [link, evaluations] of byLink) {
      const fresh = [...evaluations]
        .sort(([one], [other]) => one - other)
        .flatMap(([evaluatedUnixMs, values]) => this.#fresh({ evaluatedUnixMs, values }));
      if (fresh.length > 0) outcome.freshLinks += 1;
      samples.push(...fresh.flatMap((scrape) => this.#sampleOf(link, scrape)));
    }
    this.#forgetAllBut(byLink);
    return { ...outcome, links: byLink.size, samples };
  }

  /** By link, then by time of evaluation. */
  #byLink(
    features: FeatureSeries,
    outcome: Omit<SamplerOutcome, 'samples'>,
  ): Map<string, Map<number, Values>> {
    const byLink = new Map<string, Map<number, Values>>();
    for (const [feature, series] of features) {
      const twice: Values[] = [];
      for (const [link, { timeUnixMs, value }] of this.#points(series, outcome)) {
        if (value < 0 || value > featureOf(feature).max) {
          outcome.impossibleValues += 1;
          continue;
        }
        const evaluations = getOrMake(byLink, link, () => new Map<number, Values>());
        const values = getOrMake(evaluations, Math.round(timeUnixMs), (): Values => ({}));
        if (values[feature] !== undefined) twice.push(values);
        values[feature] = value;
      }
      outcome.ambiguousValues += twice.length;
      for (const values of twice) delete values[feature];
    }
    return byLink;
  }

  *#points(
    series: readonly PromqlSeries[],
    outcome: { unnamedSeries: number },
  ): Generator<[link: string, point: PromqlPoint]> {
    for (const { labels, points } of series) {
      const link = linkOf(labels, this.#options.naming);
      if (link === undefined) outcome.unnamedSeries += 1;
      else for (const point of points) yield [link, point];
    }
  }

  /** What was measured, as of its scrape; nothing where that is too long ago, or unknown. */
  #fresh(at: { evaluatedUnixMs: number; values: Values }): Scrape[] {
    const { lookbackMs, hasTime } = this.#options;
    const { time_seconds: seconds, ...measured } = at.values;
    if (Object.keys(measured).length === 0) return [];
    if (!hasTime) return [{ timeUnixMs: at.evaluatedUnixMs, measured }];
    // Scrapes have whole milliseconds; as seconds in a double they are a little off.
    const timeUnixMs = seconds === undefined ? Number.NaN : Math.round(seconds * 1000);
    return at.evaluatedUnixMs - timeUnixMs <= lookbackMs ? [{ timeUnixMs, measured }] : [];
  }

  #sampleOf(link: string, { timeUnixMs, measured }: Scrape): Sample[] {
    const { intervalMs: usualMs, lookbackMs } = this.#options;
    const previous = this.#newest.get(link);
    if (previous !== undefined && timeUnixMs <= previous.timeUnixMs) {
      if (timeUnixMs === previous.timeUnixMs || ++previous.behind < behindMax) return [];
    }
    const sinceMs = previous === undefined ? undefined : timeUnixMs - previous.timeUnixMs;
    const isNext = sinceMs !== undefined && sinceMs > 0 && sinceMs <= lookbackMs;
    const intervalMs = isNext ? sinceMs : usualMs;
    const missed = isNext || sinceMs === undefined ? 0 : Math.max(0, sinceMs) / usualMs;
    const sequence = (previous?.sequence ?? 0) + Math.max(1, Math.round(missed));
    this.#newest.set(link, { timeUnixMs, sequence, behind: 0 });
    return [
      {
        link,
        sequence,
        timeUnixMs,
        intervalMs,
        ...fieldsOf(measured, intervalMs),
        origin: 'prometheus',
      },
    ];
  }

  /** Links that no query gives any more are forgotten: as many are kept as an answer may have. */
  #forgetAllBut(byLink: ReadonlyMap<string, unknown>): void {
    if (this.#newest.size <= 2 * byLink.size) return;
    for (const link of this.#newest.keys()) if (!byLink.has(link)) this.#newest.delete(link);
  }
}

/** So many scrapes in a row before the newest one are a clock that was set back. */
const behindMax = 4;

type Values = { [Feature in PrometheusFeature]?: number };

/** The values of one link, as of one time. */
interface Scrape {
  timeUnixMs: number;
  measured: Values;
}

function fieldsOf(values: Values, intervalMs: number): Partial<Sample> {
  const fields: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) {
    const { field, isCount } = featureOf(name as PrometheusFeature);
    if (field !== undefined) fields[field] = isCount ? (value * intervalMs) / 1000 : value;
  }
  const { buffer_utilisation_ratio: utilisation, limit_bytes, queue_bytes } = values;
  if (queue_bytes === undefined && utilisation !== undefined && limit_bytes !== undefined) {
    fields.queueBytes = utilisation * limit_bytes;
  }
  return fields;
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const held = map.get(key);
  if (held !== undefined) return held;
  const made = make();
  map.set(key, made);
  return made;
}
