import type { TopView } from '../top-view.ts';

/** A refresh as it was: two lanes, a link that nobody drives, one that has fallen silent. */
export const recordedView: TopView = {
  timeUnixMs: Date.UTC(2026, 10, 21, 18, 5, 3, 120),
  sort: 'rate',
  filters: [],
  links: [
    {
      link: 'predictive',
      throughputBytesPerSecond: 15_920_400.4,
      packetsPerSecond: 10_613.6,
      queueBytes: 412_904,
      queueHighWaterBytes: 1_204_312,
      limitBytes: 1_662_480,
      dropsPerSecond: 0,
      latencyP99Seconds: 0.0963,
      actuator: 'qdisc',
      target: 'predictive',
      mode: 'enforce',
      law: 'predictive',
      forecast: 'burst in 1.2 s (97 %)',
    },
    {
      link: 'reactive',
      throughputBytesPerSecond: 15_920_400.4,
      packetsPerSecond: 10_613.6,
      queueBytes: 524_288,
      queueHighWaterBytes: 655_360,
      limitBytes: 655_360,
      dropsPerSecond: 1_284.4,
      latencyP99Seconds: 0.0524,
      actuator: 'qdisc',
      target: 'reactive',
      mode: 'recommend',
      law: 'reactive',
      forecast: 'not wanted',
    },
    { link: 'eth0', throughputBytesPerSecond: 1_250, limitBytes: 1_000, actuator: 'none' },
    { link: 'lo', silentSeconds: 5 },
  ],
  sources: [
    { service: 'telemetry', state: 'flowing', why: '' },
    { service: 'fsu-controller', state: 'away', why: 'connect ECONNREFUSED 127.0.0.1:7413' },
    { service: 'ebpf-agent', state: 'flowing', why: '' },
  ],
  losses: [
    { place: 'telemetry', lost: 1_200 },
    { place: 'here', lost: 3 },
  ],
};
