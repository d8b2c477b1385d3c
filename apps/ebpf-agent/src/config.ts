import { gainMax } from '@levitate/contracts';
import { sysctlLimitKeys } from '@levitate/kernel';
import { commonConfig, listenAddress } from '@levitate/service-kit';
import { z } from 'zod';
import { resourcesConfig } from './resources/resource-config.ts';

const name = z.string().min(1).max(128);
const bytes = z.int().min(1).max(0xffff_ffff);
const rate = z.number().positive().max(1e12);
/** From and to. */
const span = (low: number, high: number) =>
  z.tuple([z.number().min(low).max(high), z.number().min(low).max(high)]);

const gain = z.number().min(0).max(gainMax);

const xdp = z.strictObject({
  mode: z
    .enum(['off', 'monitor', 'police'])
    .default('off')
    .describe(
      'off: no XDP program; monitor counts and drops nothing; police drops by its verdict.',
    ),
  interface: z
    .string()
    .min(1)
    .max(15)
    .optional()
    .describe('Where the traffic of the link arrives; default the interface of the link.'),
  attach: z
    .enum(['auto', 'native', 'generic'])
    .default('auto')
    .describe('native runs in the driver, some of which reset the link for it; generic after it.'),
  rate_bytes_per_second: rate
    .optional()
    .describe('Rate at which the virtual queue drains; default drain_bytes_per_second, else none.'),
  max_bytes: bytes.default(524_288).describe('Depth of the virtual queue at the start.'),
  kp: gain.default(0.4).describe('Gain of the PID: drop probability per unit of error.'),
  ki: gain.default(0.05).describe('Per unit of error and second.'),
  kd: gain.default(0.02).describe('Per unit of error per second.'),
  microburst_gap_us: z
    .number()
    .min(0)
    .max(4_000_000)
    .default(20)
    .describe('Packets closer than this make a run; 0 looks for no microbursts.'),
  microburst_packets: z
    .int()
    .min(2)
    .max(1_000_000)
    .default(64)
    .describe('That many in a run, on one processor, make a microburst.'),
});

const link = z.strictObject({
  name: name.describe('Name of the link in samples and leases.'),
  interface: z.string().min(1).max(15).describe('Network interface whose root queue is meant.'),
  netns: z
    .string()
    .min(1)
    .max(4_096)
    .optional()
    .describe('Network namespace, by name below /run/netns or by path; default the own one.'),
  drain_bytes_per_second: rate
    .optional()
    .describe('Rate at which the queue drains; needed for bfifo, a tbf knows its own.'),
  packet_bytes: z
    .int()
    .min(64)
    .max(65_535)
    .default(1_514)
    .describe('What a packet is taken for where a queue counts packets (pfifo, fq, fq_codel).'),
  actuators: z
    .array(z.enum(['qdisc', 'socket-buffers', 'sysctl', 'bpf-map']))
    .max(4)
    .default(['qdisc', 'socket-buffers', 'sysctl', 'bpf-map'])
    .describe('What a limit is written to: the first that can be driven, else a simulated one.'),
  socket_port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('Local TCP port whose connections socket-buffers drives.'),
  socket_direction: z
    .enum(['send', 'receive', 'both'])
    .default('both')
    .describe('Which buffers of those connections.'),
  sysctl: z
    .enum(sysctlLimitKeys)
    .optional()
    .describe('Kernel parameter that sysctl drives, in the namespace of the link.'),
  xdp: xdp.prefault({}),
});

const traffic = z.strictObject({
  kind: z
    .enum(['periodic', 'precursor', 'random', 'self-similar', 'flat', 'capacity-collapse'])
    .default('periodic')
    .describe('Shape of the traffic (traffic generator).'),
  seed: z.int().min(0).default(1).describe('Equal seeds give equal packets.'),
  interval_s: span(1, 300)
    .default([12, 16])
    .describe('Seconds from burst to burst, from and to; for kinds that have bursts.'),
  share_of_budget: span(0.01, 10)
    .default([0.55, 0.85])
    .describe('Bytes of a burst beyond what drains, as a share of drain x 150 ms, from and to.'),
  background_bytes_per_second: z
    .number()
    .min(0)
    .max(1e12)
    .default(0)
    .describe('Other traffic on the same queue.'),
});

const lane = z.strictObject({
  name: name.describe('Name of the link in samples and leases.'),
  drain_bytes_per_second: rate.default(12_500_000).describe('Rate at which the queue drains.'),
  limit_bytes: bytes.default(524_288).describe('Limit at the start.'),
  packet_bytes: z.int().min(64).max(65_535).default(1_500).describe('Size of every packet.'),
  traffic: traffic.prefault({}),
});

/** Configuration of the agent. */
export const agentConfig = commonConfig
  .extend({
    listen: listenAddress.default('127.0.0.1:7414').describe('Address of the gRPC server.'),
    ops_listen: listenAddress
      .default('127.0.0.1:7514')
      .describe('Address of plain HTTP /metrics, /livez, /readyz and /health.'),
    kernel: z
      .enum(['auto', 'real', 'simulated'])
      .default('auto')
      .describe('auto takes the real one where links are named and the host allows it.'),
    ebpf: z
      .enum(['auto', 'off'])
      .default('auto')
      .describe('auto counts in the kernel where it allows that; off looks every poll_ms.'),
    links: z
      .array(link)
      .max(1_000)
      .default([])
      .describe('Queues of the real kernel to sample and, under a lease, to change.'),
    resources: resourcesConfig,
    simulated_lanes: z
      .array(lane)
      .min(1)
      .max(64)
      .prefault([{ name: 'reactive' }, { name: 'predictive' }])
      .describe('Queues of the simulated kernel; equal traffic gives equal packets.'),
    interval_ms: z.int().min(20).max(10_000).default(100).describe('Length of a sample.'),
    poll_ms: z
      .int()
      .min(1)
      .max(1_000)
      .default(10)
      .describe('Distance of looks at queues that no program counts for; it divides interval_ms.'),
    limit_bytes_min: bytes
      .default(3_028)
      .describe('Lowest limit that is accepted, from anyone: two Ethernet frames.'),
    limit_bytes_max: bytes
      .default(67_108_864)
      .describe('Highest limit that is accepted, from anyone.'),
    lock_directory: z
      .string()
      .min(1)
      .max(4_096)
      .default('/run/levitate')
      .describe('Where agents of this host keep off each other; the same for all of them.'),
    supervisor: z
      .boolean()
      .default(true)
      .describe('Whether a second process restores the limits should this one die.'),
    reflection: z.boolean().default(true).describe('Whether gRPC reflection is served.'),
    subscriber_samples_max: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(20_000)
      .describe('Samples kept for a reader that is slow; older ones are dropped and counted.'),
  })
  .refine(({ interval_ms, poll_ms }) => poll_ms < 1 || interval_ms % poll_ms === 0, {
    path: ['poll_ms'],
    message: 'must divide interval_ms',
  })
  .refine((config) => config.limit_bytes_min <= config.limit_bytes_max, {
    path: ['limit_bytes_min'],
    message: 'must not be above limit_bytes_max',
  })
  .refine(({ links }) => isUnique(links.map((one) => one.name)), {
    path: ['links'],
    message: 'two links have the same name',
  })
  .refine(({ resources }) => isUnique(resources.map((one) => one.name)), {
    path: ['resources'],
    message: 'two resources have the same name',
  })
  .refine(({ links }) => links.every(({ actuators }) => isUnique(actuators)), {
    path: ['links'],
    message: 'an actuator is named twice',
  })
  .refine(({ links }) => isUnique(shared(links, 'socket_port')), {
    path: ['links'],
    message: 'two links have the same socket_port',
  })
  .refine(({ links }) => isUnique(shared(links, 'sysctl')), {
    path: ['links'],
    message: 'two links have the same sysctl',
  })
  .refine((config) => isUnique(config.simulated_lanes.map((one) => one.name)), {
    path: ['simulated_lanes'],
    message: 'two lanes have the same name',
  });

/** A link of the real kernel as configured. */
export type AgentLink = z.output<typeof link>;

/** The agent's effective configuration. */
export type AgentConfig = z.output<typeof agentConfig>;

/** What two links of one namespace must not share. */
function shared(links: readonly AgentLink[], key: 'socket_port' | 'sysctl'): string[] {
  return links
    .filter((one) => one[key] !== undefined)
    .map((one) => JSON.stringify([one.netns, one[key]]));
}

function isUnique(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}
