/** How the files of one kind of trace are laid out. */
export interface TraceLayout {
  /** Columns in order, as the header line names them. */
  columns: readonly string[];
  /** Column of the time, and its unit in milliseconds; `calendar` is `YYYY-MM-DD hh:mm:ss` UTC. */
  time: { column: string; unitMs: number | 'calendar' };
  /** Column of the quantity that the kind is about. */
  value: string;
  /** Columns of text; all others are numbers. */
  text?: readonly string[];
  /** The kind repeats a time now and then: its rows are averaged. */
  averageRepeats?: boolean;
  /** Times may fall by as much, milliseconds: a phone's clock is set anew. Its rows are sorted. */
  disorderMs?: number;
  /** Rows from here on are known to be bad and are left out, milliseconds. */
  endMs?: number;
}

const radio = [
  't_s',
  'dl_kbps',
  'ul_kbps',
  'mode',
  'rsrp_dbm',
  'snr_db',
  'cqi',
  'speed_kmh',
  'state',
  'ping_ms',
];
const lte = ['lte_neighbours', 'enodeb_changed', 'rssi_dbm', 'rsrq_db', 'ta', 'speed', 'band_mhz'];
const udp = ['t_ms', 'bytes', 'bits_per_s', 'jitter_ms', 'lost_packets', 'total_packets'];
const seconds = { column: 't_s', unitMs: 1000 };
const milliseconds = { column: 't_ms', unitMs: 1 };
const megabits: TraceLayout = { columns: ['t_s', 'mbps'], time: seconds, value: 'mbps' };
const requests: TraceLayout = { columns: ['t_s', 'requests'], time: seconds, value: 'requests' };
const radioLayout: TraceLayout = {
  columns: radio,
  time: seconds,
  value: 'dl_kbps',
  text: ['mode', 'state'],
  averageRepeats: true,
  disorderMs: 5000,
};

/** The kinds of real traces, by the name of their folder. */
export const traceKinds = {
  'link-capacity-1ms': {
    columns: ['t_ms', 'packets_1500B'],
    time: milliseconds,
    value: 'packets_1500B',
  },
  '5g-udp-loss-100ms': { columns: udp, time: milliseconds, value: 'bytes' },
  '5g-throughput-1s': radioLayout,
  '5g-download-1s': radioLayout,
  'lte-nyc-1s': { columns: ['t_s', 'mbps', ...lte], time: seconds, value: 'mbps' },
  'bandwidth-lumos5g-4g-1s': megabits,
  'bandwidth-lumos5g-5g-1s': megabits,
  'bandwidth-oboe-1s': megabits,
  'packets-us-ndpi': {
    columns: ['t_us', 'wire_bytes'],
    time: { column: 't_us', unitMs: 0.001 },
    value: 'wire_bytes',
  },
  // The last 1,740 s of each day are missing and stored as 0.
  'requests-1s-twitter': { ...requests, endMs: 84_600_000 },
  'requests-1s-autothrottle': requests,
  'requests-arrivals-azure-llm': {
    columns: ['t_ms', 'context_tokens', 'generated_tokens'],
    time: milliseconds,
    value: 'generated_tokens',
  },
  'requests-1min-worldcup98': {
    columns: ['time', 'requests'],
    time: { column: 'time', unitMs: 'calendar' },
    value: 'requests',
  },
  'datacenter-coflow-ms': {
    columns: ['t_ms', 'senders', 'receivers', 'total_MB'],
    time: milliseconds,
    value: 'total_MB',
  },
  'genai-gateway-57s': {
    columns: ['t_s', 'value', 'container', 'type'],
    time: seconds,
    value: 'value',
    text: ['container', 'type'],
  },
} as const satisfies Record<string, TraceLayout>;

/** Name of a kind of trace. */
export type TraceKind = keyof typeof traceKinds;
