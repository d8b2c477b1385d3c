import { z } from 'zod';
import { tooManySeries } from './promql-body.ts';
import { PromqlError } from './promql-error.ts';

/** One time series of an answer. */
export interface PromqlSeries {
  labels: Readonly<Record<string, string>>;
  /** By time of evaluation, oldest first; numbers only. */
  points: readonly PromqlPoint[];
}

/** A value at a time of evaluation. */
export interface PromqlPoint {
  /** Milliseconds since 1970. */
  timeUnixMs: number;
  value: number;
}

/** What a query gave. */
export interface PromqlAnswer {
  series: PromqlSeries[];
  /** Values that are no number (NaN, infinite, a histogram): left out, for they say nothing. */
  notNumbers: number;
}

/**
 * An answer of Prometheus' HTTP API, of an instant query (a vector) or a range query (a matrix).
 *
 * @throws PromqlError `malformed`, `query` (a scalar has no labels, so no link) or
 *   `too-many-series`
 */
export function parseAnswer(text: string, { seriesMax }: { seriesMax: number }): PromqlAnswer {
  const { resultType, result } = dataOf(text);
  if (result.length > seriesMax) throw tooManySeries(seriesMax);
  if (resultType === 'scalar' || resultType === 'string') {
    throw new PromqlError('query', `gave a ${resultType}; it must give series that have labels`);
  }
  let notNumbers = 0;
  const series = result.map((each): PromqlSeries => {
    const { metric, value, values } = parsed(seriesShape, each);
    const points: PromqlPoint[] = [];
    for (const [seconds, shown] of values ?? (value === undefined ? [] : [value])) {
      const number = shown.trim() === '' ? Number.NaN : Number(shown);
      if (Number.isFinite(number)) points.push({ timeUnixMs: seconds * 1000, value: number });
      else notNumbers += 1;
    }
    if (value === undefined && values === undefined) notNumbers += 1;
    return { labels: metric, points };
  });
  return { series, notNumbers };
}

/** Why Prometheus refused, in its own words: the `error` of its JSON. `undefined` without one. */
export function refusalOf(text: string): string | undefined {
  try {
    const { error } = refusalShape.parse(JSON.parse(text));
    return error.replaceAll(/\s+/g, ' ').slice(0, refusalLengthMax);
  } catch {
    return undefined;
  }
}

const refusalLengthMax = 300;

function dataOf(text: string): z.output<typeof answerShape>['data'] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new PromqlError('malformed', `no JSON (${(cause as Error).message}); ${hint}`, { cause });
  }
  return parsed(answerShape, json).data;
}

function parsed<Output>(shape: z.ZodType<Output>, value: unknown): Output {
  const outcome = shape.safeParse(value);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new PromqlError('malformed', `JSON of another shape at "${where}"; ${hint}`);
}

const hint = 'let prometheus.url name the server itself, without /api/v1';

const pointShape = z.tuple([z.number(), z.string()]);
const seriesShape = z.object({
  metric: z.record(z.string(), z.string()),
  value: pointShape.optional(),
  values: z.array(pointShape).optional(),
});
const answerShape = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.enum(['vector', 'matrix', 'scalar', 'string']),
    result: z.array(z.unknown()),
  }),
});
const refusalShape = z.object({ error: z.string().min(1) });
