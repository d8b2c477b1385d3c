import type { ManagedResource, ResourceMeasurement } from '@levitate/resource-sdk';
import type { PrometheusQueries } from './source-address.ts';

/** Longest answer that is read, bytes: one number each is asked for. */
const answerBytesMax = 1_048_576;

/** @see PrometheusResource */
export interface PrometheusResourceOptions {
  name: string;
  /** Of the server, without a path. */
  url: string;
  queries: PrometheusQueries;
  min: number;
  max: number;
}

/**
 * A resource that is only seen, through what Prometheus has scraped of it: enough to recommend a
 * size, and to see how good the recommendation would be before anything is driven.
 */
export class PrometheusResource implements ManagedResource {
  readonly name: string;
  readonly unit = 'units';
  readonly min: number;
  readonly max: number;
  readonly #url: string;
  readonly #queries: PrometheusQueries;

  constructor({ name, url, queries, min, max }: PrometheusResourceOptions) {
    this.name = name;
    this.min = min;
    this.max = max;
    this.#url = url;
    this.#queries = queries;
  }

  /** @throws Error where a query gives no number, with what Prometheus said of it */
  async measure(signal: AbortSignal): Promise<ResourceMeasurement> {
    const { size, need, rejected, delayS } = this.#queries;
    const [sizes, needs, rejections, delays] = await Promise.all([
      this.#value(size, signal),
      this.#value(need, signal),
      rejected === undefined ? undefined : this.#value(rejected, signal),
      delayS === undefined ? undefined : this.#value(delayS, signal),
    ]);
    return { size: sizes, need: needs, rejected: rejections, delayS: delays };
  }

  /** @throws always: what is scraped cannot be changed */
  apply(): never {
    throw new Error(
      `${this.name} is only measured through Prometheus; give it a source that can be changed`,
    );
  }

  async #value(query: string, signal: AbortSignal): Promise<number> {
    const url = `${this.#url}/api/v1/query?${new URLSearchParams({ query })}`;
    const answer = await fetch(url, { signal });
    const text = await answer.text();
    if (text.length > answerBytesMax) throw new Error(`${query}: the answer is too long`);
    const value = numberIn(text);
    if (value !== undefined) return value;
    throw new Error(`${query}: no single number; Prometheus says ${text.slice(0, 200)}`);
  }
}

/** A scalar, or a vector of one. */
function numberIn(text: string): number | undefined {
  try {
    const answer = JSON.parse(text) as { data?: { resultType?: string; result?: unknown } };
    const { resultType, result } = answer.data ?? {};
    const pair = resultType === 'scalar' ? result : single(result);
    const value = Array.isArray(pair) ? Number(pair[1]) : Number.NaN;
    return Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function single(result: unknown): unknown {
  if (!Array.isArray(result) || result.length !== 1) return undefined;
  return (result[0] as { value?: unknown } | undefined)?.value;
}
