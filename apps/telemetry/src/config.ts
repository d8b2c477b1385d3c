import { redisConfig } from '@levitate/feature-windows/config';
import { commonConfig, listenAddress, type Presets } from '@levitate/service-kit';
import { z } from 'zod';
import { influxConfig } from './influx-config.ts';
import { prometheusConfig } from './prometheus-config.ts';

const linkName = z
  .string()
  .min(1)
  .max(128)
  .describe('Name of the link, unique in the deployment, e.g. edge-a.');

const procLink = z.strictObject({
  interface: z.string().min(1).max(15).describe('Interface of this host, as /proc/net/dev has it.'),
  link: linkName,
  direction: z
    .enum(['transmit', 'receive'])
    .default('transmit')
    .describe('transmit: what leaves the host; receive: what reaches it.'),
});

const replayTrace = z.strictObject({
  file: z
    .string()
    .min(1)
    .max(4096)
    .describe(
      'Trace file, .csv or .csv.gz, relative to replay.data_directory; its folder is its kind.',
    ),
  link: linkName,
});

const replayPath = replayTrace.omit({ link: true }).extend({
  path: z
    .string()
    .min(1)
    .max(128)
    .describe('Name of the path, unique in the deployment, e.g. eu-1>us-2.'),
});

const sources = {
  agents: z
    .array(listenAddress)
    .max(64)
    .default(['127.0.0.1:7414'])
    .describe('Addresses of ebpf-agents to stream from; [] for none.'),
  agent_stall_ms: z
    .int()
    .min(500)
    .max(600_000)
    .default(3000)
    .describe('An agent that is silent for longer is connected anew, milliseconds.'),
  proc: z
    .strictObject({
      links: z
        .array(procLink)
        .max(256)
        .default([])
        .describe('Interfaces of this host to watch as links, where no agent runs.'),
      interval_ms: z
        .int()
        .min(10)
        .max(60_000)
        .default(100)
        .describe('Time between two readings of proc.directory, milliseconds.'),
      directory: z
        .string()
        .min(1)
        .max(4096)
        .default('/proc/net')
        .describe('Folder with dev and snmp.'),
    })
    .prefault({}),
  prometheus: prometheusConfig.prefault({}),
  replay: z
    .strictObject({
      data_directory: z
        .string()
        .max(4096)
        .default('')
        .describe('Folder of trace files, one folder per kind; empty: the working directory.'),
      traces: z
        .array(replayTrace)
        .max(64)
        .default([])
        .describe('Trace files to replay as links, labelled as replay everywhere.'),
      paths: z
        .array(replayPath)
        .max(64)
        .default([])
        .describe('Trace files to replay as paths, likewise: bandwidth-*, 5g-* and lte-nyc-1s.'),
      speed: z
        .number()
        .min(0.1)
        .max(100)
        .default(1)
        .describe('Seconds of trace per second; above 1 a sample stands for more of the trace.'),
      repeat: z.boolean().default(true).describe('Start over at the end of a trace.'),
    })
    .prefault({}),
};

const windows = z
  .strictObject({
    store: z
      .enum(['memory', 'redis'])
      .default('memory')
      .describe('Where windows are kept: in this process, or in Redis for other services too.'),
    span_ms: z
      .int()
      .min(1000)
      .max(3_600_000)
      .default(60_000)
      .describe('Time from the oldest to the newest sample of a window, milliseconds.'),
    samples_max: z
      .int()
      .min(10)
      .max(10_000)
      .default(600)
      .describe('Most samples of a window: its span times the rate of its source.'),
    paths: z
      .strictObject({
        span_ms: z
          .int()
          .min(100_000)
          .max(3_600_000)
          .default(300_000)
          .describe(
            "As windows.span_ms, of a path's window; the forecast reads 100 samples at 1 Hz.",
          ),
        samples_max: z
          .int()
          .min(100)
          .max(10_000)
          .default(300)
          .describe("Most samples of a path's window."),
      })
      .prefault({}),
    redis: redisConfig
      .extend({
        pending_samples_max: z
          .int()
          .min(1000)
          .max(10_000_000)
          .default(600_000)
          .describe(
            'Samples of links, and again of paths, held for Redis while it is away; ' +
              'beyond it the oldest are lost.',
          ),
      })
      .prefault({}),
  })
  .prefault({});

const limits = z
  .strictObject({
    links_max: z
      .int()
      .min(1)
      .max(10_000)
      .default(1000)
      .describe('Most links with a window; a new one beyond it is refused.'),
    link_idle_ms: z
      .int()
      .min(1000)
      .max(86_400_000)
      .default(60_000)
      .describe('A link silent for longer gives its place to a new one, milliseconds.'),
    paths_max: z
      .int()
      .min(1)
      .max(10_000)
      .default(1000)
      .describe('Most paths with a window; a new one beyond it is refused.'),
    path_idle_ms: z
      .int()
      .min(1000)
      .max(86_400_000)
      .default(300_000)
      .describe('A path silent for longer gives its place to a new one, milliseconds.'),
    metrics_links_max: z
      .int()
      .min(0)
      .max(10_000)
      .default(200)
      .describe('Most links with metrics of their own; the others are counted.'),
    metrics_paths_max: z
      .int()
      .min(0)
      .max(10_000)
      .default(200)
      .describe('Most paths with metrics of their own; the others are counted.'),
    follower_samples_max: z
      .int()
      .min(1000)
      .max(1_000_000)
      .default(100_000)
      .describe('Samples one follower may have waiting; beyond it the oldest are lost.'),
  })
  .prefault({});

/** Everything that can be set, with its meaning, bounds and default. */
export const telemetrySchema = commonConfig.extend({
  listen: listenAddress.default('127.0.0.1:7411').describe('Address of the gRPC server.'),
  ops_listen: listenAddress
    .default('127.0.0.1:7511')
    .describe('Address of plain HTTP /metrics, /livez, /readyz and /health.'),
  ...sources,
  windows,
  influx: influxConfig.prefault({}),
  limits,
});

/** The effective configuration of one telemetry. */
export type TelemetryConfig = z.output<typeof telemetrySchema>;

/** `lan` and `wan` name their agents; nothing on this host is assumed. */
export const telemetryPresets: Presets = {
  lan: { agents: [], listen: '0.0.0.0:7411' },
  wan: { agents: [], listen: '0.0.0.0:7411', agent_stall_ms: 10_000 },
};
