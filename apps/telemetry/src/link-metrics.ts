import type { FeatureWindows, FollowBatch, LinkSummary } from '@levitate/feature-windows';
import type { Sample } from '@levitate/series';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What is kept of one link between two scrapes. */
interface LinkTally {
  newest: Sample;
  /** Missing until a sample says it. */
  droppedPackets?: number;
  droppedBytes?: number;
}

/** @see exportLinks */
export interface LinkExportOptions {
  windows: FeatureWindows;
  registry: Registry;
  /** Most links with metrics of their own. */
  linksMax: number;
  signal: AbortSignal;
  /** Told how many are left out when there are more than before, once per batch. */
  onLeftOut: (links: number) => void;
}

/**
 * Metrics per link, for as many links as `linksMax`, first come first served; a link keeps its
 * place while it has a window. Values are written when they are scraped, so that links cost nothing
 * in between; a value that is missing has no line.
 *
 * @returns a promise that settles when the signal aborts
 */
export async function exportLinks(options: LinkExportOptions): Promise<void> {
  const { windows, linksMax, signal, onLeftOut } = options;
  const tallies = new Map<string, LinkTally>();
  const leftOut = new Set<string>();
  registerLinkMetrics(options, { tallies, leftOut });
  const follower = windows.follow({ backlog: false, signal });
  for await (const { samples } of follower) {
    const leftOutBefore = leftOut.size;
    for (const sample of samples) {
      const tally = tallies.get(sample.link);
      if (tally !== undefined) {
        addTo(tally, sample);
      } else if (tallies.size < linksMax) {
        const fresh: LinkTally = { newest: sample };
        tallies.set(sample.link, fresh);
        leftOut.delete(sample.link);
        addTo(fresh, sample);
      } else if (!leftOut.has(sample.link) && leftOut.size < leftOutMax) {
        leftOut.add(sample.link);
      }
    }
    if (leftOut.size > leftOutBefore) onLeftOut(leftOut.size);
  }
}

/** As many as a table of windows may hold. */
const leftOutMax = 10_000;

function addTo(tally: LinkTally, sample: Sample): void {
  if (sample.timeUnixMs >= tally.newest.timeUnixMs) tally.newest = sample;
  tally.droppedPackets = sumOf(tally.droppedPackets, sample.droppedPackets);
  tally.droppedBytes = sumOf(tally.droppedBytes, sample.droppedBytes);
}

function sumOf(total: number | undefined, more: number | undefined): number | undefined {
  return more === undefined ? total : (total ?? 0) + more;
}

interface Tallies {
  tallies: Map<string, LinkTally>;
  leftOut: Set<string>;
}

function registerLinkMetrics(options: LinkExportOptions, { tallies, leftOut }: Tallies): void {
  const { windows, registry } = options;
  const registers = [registry];
  const labelNames = ['link', 'origin'];
  const summaries = summariesOf(windows, { tallies, leftOut });
  for (const { name, help, value } of gauges) {
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        this.reset();
        await summaries();
        for (const [link, { newest }] of tallies) {
          const now = value(newest);
          if (now !== undefined) this.set({ link, origin: newest.origin }, now);
        }
      },
    });
  }
  new Gauge({
    name: 'levitate_link_queue_high_water_bytes',
    help: 'Highest queue of the window, so that a burst between two scrapes shows.',
    labelNames,
    registers,
    async collect() {
      this.reset();
      for (const [link, { newest }] of tallies) {
        const highest = highWater(await windows.read(link));
        if (highest !== undefined) this.set({ link, origin: newest.origin }, highest);
      }
    },
  });
  for (const { name, help, value } of counters) {
    new Counter({
      name,
      help,
      labelNames: ['link'],
      registers,
      async collect() {
        this.reset();
        const byLink = await summaries();
        for (const [link, tally] of tallies) {
          const count = value(tally, byLink.get(link));
          if (count !== undefined) this.inc({ link }, count);
        }
      },
    });
  }
  new Gauge({
    name: 'levitate_telemetry_links',
    help: 'Links that have a window.',
    registers,
    async collect() {
      this.set((await summaries()).size);
    },
  });
  new Gauge({
    name: 'levitate_telemetry_links_not_exported',
    help: 'Links beyond limits.metrics_links_max, which have no metrics of their own.',
    registers,
    async collect() {
      await summaries();
      this.set(leftOut.size);
    },
  });
}

/** One look at all links per scrape, however many metrics ask; forgets links without a window. */
function summariesOf(
  windows: FeatureWindows,
  { tallies, leftOut }: Tallies,
): () => Promise<Map<string, LinkSummary>> {
  let current: Promise<Map<string, LinkSummary>> | undefined;
  const look = async (): Promise<Map<string, LinkSummary>> => {
    const byLink = new Map((await windows.links()).map((summary) => [summary.link, summary]));
    for (const link of tallies.keys()) if (!byLink.has(link)) tallies.delete(link);
    for (const link of leftOut) if (!byLink.has(link)) leftOut.delete(link);
    return byLink;
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

function highWater(samples: FollowBatch['samples']): number | undefined {
  let highest: number | undefined;
  for (const { queueHighWaterBytes, queueBytes } of samples) {
    const here = queueHighWaterBytes ?? queueBytes;
    if (here !== undefined && (highest === undefined || here > highest)) highest = here;
  }
  return highest;
}

const gauges: { name: string; help: string; value: (newest: Sample) => number | undefined }[] = [
  {
    name: 'levitate_link_throughput_bytes_per_second',
    help: 'Arrivals at the queue, mean of the newest interval.',
    value: (sample) => sample.throughputBytesPerSecond,
  },
  {
    name: 'levitate_link_packets_per_second',
    help: 'Arrivals at the queue, mean of the newest interval.',
    value: (sample) => sample.packetsPerSecond,
  },
  {
    name: 'levitate_link_connections_per_second',
    help: 'New connections, mean of the newest interval.',
    value: (sample) => sample.connectionsPerSecond,
  },
  {
    name: 'levitate_link_queue_bytes',
    help: 'Queue at the end of the newest interval.',
    value: (sample) => sample.queueBytes,
  },
  {
    name: 'levitate_link_queue_packets',
    help: 'Queue at the end of the newest interval.',
    value: (sample) => sample.queuePackets,
  },
  {
    name: 'levitate_link_limit_bytes',
    help: 'Queue limit in force at the end of the newest interval.',
    value: (sample) => sample.limitBytes,
  },
  {
    name: 'levitate_link_latency_p99_seconds',
    help: 'Queueing delay of the newest interval, 99th percentile.',
    value: (sample) => sample.latencyP99Seconds,
  },
  {
    name: 'levitate_link_newest_sample_timestamp_seconds',
    help: 'End of the newest interval, seconds since 1970.',
    value: (sample) => sample.timeUnixMs / 1000,
  },
];

type LinkCount = (tally: LinkTally, summary: LinkSummary | undefined) => number | undefined;

const counters: { name: string; help: string; value: LinkCount }[] = [
  {
    name: 'levitate_link_dropped_packets_total',
    help: 'Packets the queue dropped, of the samples that got here.',
    value: (tally) => tally.droppedPackets,
  },
  {
    name: 'levitate_link_dropped_bytes_total',
    help: 'Bytes the queue dropped, of the samples that got here.',
    value: (tally) => tally.droppedBytes,
  },
  {
    name: 'levitate_link_samples_total',
    help: 'Samples the window took.',
    value: (_, summary) => summary?.samples ?? 0,
  },
  {
    name: 'levitate_link_duplicate_samples_total',
    help: 'Samples of a time the window held already.',
    value: (_, summary) => summary?.duplicate ?? 0,
  },
  {
    name: 'levitate_link_late_samples_total',
    help: 'Samples older than the window.',
    value: (_, summary) => summary?.late ?? 0,
  },
  {
    name: 'levitate_link_gaps_total',
    help: 'Holes in the window: how often the next sample was not the next one.',
    value: (_, summary) => summary?.gaps ?? 0,
  },
  {
    name: 'levitate_link_out_of_order_samples_total',
    help: 'Samples the window took, but not as the newest.',
    value: (_, summary) => summary?.outOfOrder ?? 0,
  },
  {
    name: 'levitate_link_clock_steps_total',
    help: "Steps of the source's clock that were seen, either way.",
    value: (_, summary) => summary?.clockSteps ?? 0,
  },
];
