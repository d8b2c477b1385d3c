import { setImmediate as nextRound } from 'node:timers/promises';
import type { FeatureWindows, SeriesKind, SeriesSummary } from '@levitate/feature-windows';
import type { TimedSample } from '@levitate/series';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What is exported of each link, or of each path, beside the counters of its window. */
export interface SeriesMetrics<S extends TimedSample> {
  kind: Pick<SeriesKind<S>, 'noun' | 'nameOf'>;
  /** Of the newest sample. */
  newest: readonly { name: string; help: string; value: (newest: S) => number | undefined }[];
  /** Of the whole window, so that what happened between two scrapes shows. */
  window: readonly {
    name: string;
    help: string;
    value: (samples: readonly S[]) => number | undefined;
  }[];
  /** Sums over all samples that got here; missing until a sample says the value. */
  totals: readonly { name: string; help: string; value: (sample: S) => number | undefined }[];
}

/** @see exportSeries */
export interface SeriesExportOptions<S extends TimedSample> {
  windows: FeatureWindows<S>;
  registry: Registry;
  /** Most links, or paths, with metrics of their own. */
  seriesMax: number;
  signal: AbortSignal;
  /** Told how many are left out when there are more than before, once per batch. */
  onLeftOut: (series: number) => void;
}

/**
 * Metrics per link, or path, for as many as `seriesMax`, first come first served; each keeps its
 * place while it has a window. Values are written when they are scraped, so that a series costs
 * nothing in between; a value that is missing has no line. A scrape goes a few steps at a time: all
 * at once it kept the samples of 1,000 links waiting for 0.15 s.
 *
 * @returns a promise that settles when the signal aborts
 */
export async function exportSeries<S extends TimedSample>(
  metrics: SeriesMetrics<S>,
  options: SeriesExportOptions<S>,
): Promise<void> {
  const { windows, seriesMax, signal, onLeftOut } = options;
  const exported: Exported<S> = { tallies: new Map(), leftOut: new Set() };
  const { tallies, leftOut } = exported;
  register(metrics, options, exported);
  const follower = windows.follow({ backlog: false, signal });
  for await (const { samples } of follower) {
    const leftOutBefore = leftOut.size;
    for (const sample of samples) {
      const name = metrics.kind.nameOf(sample);
      const tally = tallies.get(name);
      if (tally !== undefined) {
        addTo(tally, sample, metrics);
      } else if (tallies.size < seriesMax) {
        const fresh: Tally<S> = { newest: sample, totals: metrics.totals.map(() => undefined) };
        tallies.set(name, fresh);
        leftOut.delete(name);
        addTo(fresh, sample, metrics);
      } else if (!leftOut.has(name) && leftOut.size < leftOutMax) {
        leftOut.add(name);
      }
    }
    if (leftOut.size > leftOutBefore) onLeftOut(leftOut.size);
  }
}

/** As many as a table of windows may hold. */
const leftOutMax = 10_000;

/** What is kept of one link or path between two scrapes. */
interface Tally<S extends TimedSample> {
  newest: S;
  /** In the order of `SeriesMetrics.totals`. */
  totals: (number | undefined)[];
}

interface Exported<S extends TimedSample> {
  tallies: Map<string, Tally<S>>;
  leftOut: Set<string>;
}

function addTo<S extends TimedSample>(
  tally: Tally<S>,
  sample: S,
  { totals }: SeriesMetrics<S>,
): void {
  if (sample.timeUnixMs >= tally.newest.timeUnixMs) tally.newest = sample;
  totals.forEach(({ value }, index) => {
    const more = value(sample);
    if (more !== undefined) tally.totals[index] = (tally.totals[index] ?? 0) + more;
  });
}

function register<S extends TimedSample>(
  metrics: SeriesMetrics<S>,
  options: SeriesExportOptions<S>,
  exported: Exported<S>,
): void {
  const summaries = summariesOf(options.windows, exported);
  const scraped = { ...exported, summaries, turn: inTurns() };
  registerValues(metrics, options, scraped);
  registerCounts(metrics, options, scraped);
  const { noun } = metrics.kind;
  const registers = [options.registry];
  new Gauge({
    name: `levitate_telemetry_${noun}s`,
    help: `${noun === 'link' ? 'Links' : 'Paths'} that have a window.`,
    registers,
    async collect() {
      this.set((await summaries()).size);
    },
  });
  new Gauge({
    name: `levitate_telemetry_${noun}s_not_exported`,
    help: `Those beyond limits.metrics_${noun}s_max, which have no metrics of their own.`,
    registers,
    async collect() {
      await summaries();
      this.set(exported.leftOut.size);
    },
  });
}

/** What metrics are written from when they are scraped. */
interface Scraped<S extends TimedSample> extends Exported<S> {
  summaries: () => Promise<Map<string, SeriesSummary>>;
  /** Resolves when what came meanwhile has had its turn. */
  turn: () => Promise<void>;
}

/** Whoever waits goes on in a round of the event loop of its own, in order of asking. */
function inTurns(): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(() => nextRound());
    return last;
  };
}

function registerValues<S extends TimedSample>(
  { kind, newest, window }: SeriesMetrics<S>,
  { windows, registry }: SeriesExportOptions<S>,
  { tallies, summaries, turn }: Scraped<S>,
): void {
  const gauge = (
    { name, help }: { name: string; help: string },
    value: (series: string, tally: Tally<S>) => number | undefined | Promise<number | undefined>,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames: [kind.noun, 'origin'],
      registers: [registry],
      async collect() {
        await summaries();
        await turn();
        const values: { labels: Record<string, string>; now: number }[] = [];
        for (const [series, tally] of tallies) {
          const now = await value(series, tally);
          const labels = { [kind.noun]: series, origin: tally.newest.origin };
          if (now !== undefined) values.push({ labels, now });
        }
        this.reset();
        for (const { labels, now } of values) this.set(labels, now);
      },
    });
  };
  for (const metric of newest) gauge(metric, (_, tally) => metric.value(tally.newest));
  let reads = 0;
  for (const metric of window) {
    gauge(metric, async (series) => {
      reads += 1;
      if (reads % readsAtOnce === 0) await turn();
      return metric.value(await windows.read(series));
    });
  }
}

/** Windows that are read before samples have their turn: about 2 ms. */
const readsAtOnce = 4;

function registerCounts<S extends TimedSample>(
  { kind, totals }: SeriesMetrics<S>,
  { registry }: SeriesExportOptions<S>,
  { tallies, summaries, turn }: Scraped<S>,
): void {
  const counter = (name: string, help: string, value: CountOf<S>): void => {
    new Counter({
      name,
      help,
      labelNames: [kind.noun],
      registers: [registry],
      async collect() {
        const byName = await summaries();
        await turn();
        this.reset();
        for (const [series, tally] of tallies) {
          const count = value(tally, byName.get(series));
          if (count !== undefined) this.inc({ [kind.noun]: series }, count);
        }
      },
    });
  };
  totals.forEach(({ name, help }, index) => {
    counter(name, help, (tally) => tally.totals[index]);
  });
  for (const { name, help, value } of windowCounters) {
    counter(`levitate_${kind.noun}_${name}`, help, (_, summary) => (summary ? value(summary) : 0));
  }
}

type CountOf<S extends TimedSample> = (
  tally: Tally<S>,
  summary: SeriesSummary | undefined,
) => number | undefined;

/** One look at all windows per scrape, however many metrics ask; forgets those without one. */
function summariesOf<S extends TimedSample>(
  windows: FeatureWindows<S>,
  { tallies, leftOut }: Exported<S>,
): () => Promise<Map<string, SeriesSummary>> {
  let current: Promise<Map<string, SeriesSummary>> | undefined;
  const look = async (): Promise<Map<string, SeriesSummary>> => {
    const byName = new Map((await windows.summaries()).map((each) => [each.name, each]));
    for (const name of tallies.keys()) if (!byName.has(name)) tallies.delete(name);
    for (const name of leftOut) if (!byName.has(name)) leftOut.delete(name);
    return byName;
  };
  return () => {
    if (current === undefined) {
      current = look();
      setImmediate(() => {
        current = undefined;
      });
    }
    return current;
  };
}

const windowCounters: readonly {
  name: string;
  help: string;
  value: (summary: SeriesSummary) => number;
}[] = [
  {
    name: 'samples_total',
    help: 'Samples the window took.',
    value: ({ samples }) => samples,
  },
  {
    name: 'duplicate_samples_total',
    help: 'Samples of a time the window held already.',
    value: ({ duplicate }) => duplicate,
  },
  {
    name: 'late_samples_total',
    help: 'Samples older than the window.',
    value: ({ late }) => late,
  },
  {
    name: 'gaps_total',
    help: 'Holes in the window: how often the next sample was not the next one.',
    value: ({ gaps }) => gaps,
  },
  {
    name: 'out_of_order_samples_total',
    help: 'Samples the window took, but not as the newest.',
    value: ({ outOfOrder }) => outOfOrder,
  },
  {
    name: 'clock_steps_total',
    help: "Steps of the source's clock that were seen, either way.",
    value: ({ clockSteps }) => clockSteps,
  },
];
