import type { Sample } from '@levitate/series';

/** What a feature becomes in a sample. */
interface Feature {
  /** Unit that its query must give. */
  unit: string;
  meaning: string;
  /** Values below 0 or above it are no measurement. */
  max: number;
  /** Field of the sample; `undefined` where the value has its own way. */
  field?: keyof Sample;
  /** The query gives a rate and the sample holds the count of its interval. */
  isCount?: true;
  /** PromQL that works on what node_exporter exposes; empty: nothing exposes it. */
  query: string;
}

const rateMax = 1e15;
const countMax = Number.MAX_SAFE_INTEGER;
const delayMax = 3600;

/**
 * Each feature that can be queried, with its unit and what is asked of node_exporter for it. In a
 * query `$interval` stands for `prometheus.interval_ms`, `$lookback` for `prometheus.lookback_ms`,
 * `$selector` for `prometheus.selector`. Queue and its drops need `--collector.qdisc`; the
 * connections are those of the whole host.
 */
export const prometheusFeatures = {
  time_seconds: {
    unit: 'seconds since 1970',
    meaning: 'When the newest values were scraped; empty: they count as of the query.',
    max: 8.64e12,
    query: 'timestamp(node_network_transmit_bytes_total{$selector})',
  },
  throughput_bytes_per_second: {
    unit: 'bytes/s',
    meaning: 'Arrivals at the queue.',
    max: rateMax,
    field: 'throughputBytesPerSecond',
    query: perSecond('node_network_transmit_bytes_total'),
  },
  packets_per_second: {
    unit: 'packets/s',
    meaning: 'Arrivals at the queue.',
    max: rateMax,
    field: 'packetsPerSecond',
    query: perSecond('node_network_transmit_packets_total'),
  },
  dropped_packets_per_second: {
    unit: 'packets/s',
    meaning: 'Packets dropped by the queue and the driver.',
    max: rateMax,
    field: 'droppedPackets',
    isCount: true,
    query: perDevice(
      `${perSecond('node_network_transmit_drop_total')} or ${perSecond('node_qdisc_drops_total')}`,
    ),
  },
  dropped_bytes_per_second: {
    unit: 'bytes/s',
    meaning: 'Bytes dropped.',
    max: rateMax,
    field: 'droppedBytes',
    isCount: true,
    query: '',
  },
  queue_bytes: {
    unit: 'bytes',
    meaning: 'Queue at the time of the scrape.',
    max: countMax,
    field: 'queueBytes',
    query: perDevice(newest('node_qdisc_backlog')),
  },
  queue_packets: {
    unit: 'packets',
    meaning: 'Queue at the time of the scrape.',
    max: countMax,
    field: 'queuePackets',
    query: perDevice(newest('node_qdisc_current_queue_length')),
  },
  queue_high_water_bytes: {
    unit: 'bytes',
    meaning: 'Highest queue since the previous scrape.',
    max: countMax,
    field: 'queueHighWaterBytes',
    query: '',
  },
  limit_bytes: {
    unit: 'bytes',
    meaning: 'Queue limit in force.',
    max: countMax,
    field: 'limitBytes',
    query: '',
  },
  buffer_utilisation_ratio: {
    unit: '0..1',
    meaning: 'Queue over its limit; gives the queue where limit_bytes is known, queue_bytes not.',
    max: 1000,
    query: '',
  },
  drain_bytes_per_second: {
    unit: 'bytes/s',
    meaning: 'Rate at which the queue drains.',
    max: rateMax,
    field: 'drainBytesPerSecond',
    // Virtual interfaces say -1 (-125000 in bytes) or 0: nobody knows.
    query: `${newest('node_network_speed_bytes')} > 0`,
  },
  connections_per_second: {
    unit: '1/s',
    meaning: 'New connections.',
    max: 1e9,
    field: 'connectionsPerSecond',
    query: [
      'count by (instance, device) (node_network_transmit_bytes_total{$selector})',
      '* 0 + on (instance) group_left () sum by (instance)',
      `(${perSecond('node_netstat_Tcp_ActiveOpens', '')}`,
      `+ ${perSecond('node_netstat_Tcp_PassiveOpens', '')})`,
    ].join(' '),
  },
  latency_p50_seconds: delay('median', 'latencyP50Seconds'),
  latency_p95_seconds: delay('95th percentile', 'latencyP95Seconds'),
  latency_p99_seconds: delay('99th percentile', 'latencyP99Seconds'),
} as const satisfies Record<string, Feature>;

/** Name of a feature, as `prometheus.queries` has it. */
export type PrometheusFeature = keyof typeof prometheusFeatures;

/** @see prometheusFeatures */
export const prometheusFeatureNames = Object.keys(prometheusFeatures) as PrometheusFeature[];

/** What is known of a feature; its literal types are of no use to a reader. */
export function featureOf(name: PrometheusFeature): Feature {
  return prometheusFeatures[name];
}

/** A query with its placeholders filled in. */
export function filledQuery(
  query: string,
  at: { intervalMs: number; lookbackMs: number; selector: string },
): string {
  return query
    .replaceAll('$interval', `${at.intervalMs}ms`)
    .replaceAll('$lookback', `${at.lookbackMs}ms`)
    .replaceAll('$selector', () => at.selector);
}

/**
 * The rate of a counter over one interval: over `$interval` where that holds two scrapes or more,
 * else over the last two scrapes, so that a sample never claims more than its own interval and
 * never less than was scraped.
 */
function perSecond(metric: string, selector = '$selector'): string {
  const series = `${metric}{${selector}}`;
  return `(rate(${series}[$interval]) or irate(${series}[$lookback]))`;
}

/** A gauge no older than `$lookback`, which the server itself would show for 5 minutes. */
function newest(metric: string): string {
  return `last_over_time(${metric}{$selector}[$lookback])`;
}

function perDevice(expression: string): string {
  return `sum by (instance, device) (${expression})`;
}

function delay(which: string, field: keyof Sample): Feature {
  return { unit: 'seconds', meaning: `Queueing delay, ${which}.`, max: delayMax, field, query: '' };
}
