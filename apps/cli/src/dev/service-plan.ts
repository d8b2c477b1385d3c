import type { ServiceAddresses, ServiceName } from '../services.ts';
import {
  burstIntervalS,
  burstShareOfBudget,
  drainBytesPerSecond,
  laneNames,
  limitBytes,
  packetBytes,
} from './demonstration.ts';
import type { ResourcePlan } from './resources/resource-plan.ts';

/** A link of the kernel lab, as the agent's configuration names it. */
export interface LabLink {
  readonly link: string;
  readonly netns: string;
  readonly interface: string;
  /** Where its packets come in. */
  readonly ingress: string;
}

/** What the plan depends on. */
export interface PlanInput {
  readonly addresses: ServiceAddresses;
  /** Operations addresses of the gRPC services. */
  readonly ops: ServiceAddresses;
  /** Links of the lab; `undefined` is the simulated kernel. */
  readonly links: readonly LabLink[] | undefined;
  readonly seed: number;
  /** What is ruled beside the lanes; default nothing. */
  readonly resources?: ResourcePlan | undefined;
  /** Folder of a service's state. */
  readonly stateFolder: (service: ServiceName) => string;
}

/** The configuration of every service of `levitate dev`, as its file would have it. Pure. */
export function servicePlan(input: PlanInput): Record<ServiceName, Record<string, unknown>> {
  const { addresses, ops, resources } = input;
  const shared = (service: ServiceName) => ({
    preset: 'local',
    listen: addresses[service],
    state_directory: input.stateFolder(service),
    // Putting back takes its time on a machine that is busy.
    grace_period_ms: 6_000,
  });
  const grpc = (service: ServiceName) => ({ ...shared(service), ops_listen: ops[service] });
  const peer = (service: ServiceName) => ({ address: addresses[service], ops: ops[service] });
  return {
    'ebpf-agent': {
      ...grpc('ebpf-agent'),
      ...agentKernel(input),
      resources: resources?.ofAgent ?? [],
    },
    telemetry: { ...grpc('telemetry'), agents: [addresses['ebpf-agent']] },
    predictor: { ...grpc('predictor'), windows: { telemetry_address: addresses.telemetry } },
    'fsu-controller': {
      ...grpc('fsu-controller'),
      telemetry_address: addresses.telemetry,
      predictor_address: addresses.predictor,
      agent_address: addresses['ebpf-agent'],
      targets: [...laneTargets, ...(resources?.targets ?? [])],
    },
    dashboard: {
      ...shared('dashboard'),
      peers: {
        telemetry: peer('telemetry'),
        predictor: peer('predictor'),
        fsu_controller: peer('fsu-controller'),
        ebpf_agent: peer('ebpf-agent'),
      },
    },
  };
}

const laneTargets = laneNames.map((name) => ({
  name,
  link: name,
  mode: 'enforce',
  predictive: name === 'predictive',
}));

function agentKernel({ links, seed }: PlanInput): Record<string, unknown> {
  if (links !== undefined) {
    return {
      kernel: 'real',
      links: links.map((each) => ({
        name: each.link,
        interface: each.interface,
        netns: each.netns,
        xdp: {
          mode: 'monitor',
          interface: each.ingress,
          rate_bytes_per_second: drainBytesPerSecond,
          max_bytes: limitBytes,
          // A burst of the demonstration comes in groups of a millisecond.
          microburst_packets: 8,
        },
      })),
    };
  }
  const traffic = {
    kind: 'periodic',
    seed,
    interval_s: burstIntervalS,
    share_of_budget: burstShareOfBudget,
  };
  const lane = {
    drain_bytes_per_second: drainBytesPerSecond,
    limit_bytes: limitBytes,
    packet_bytes: packetBytes,
  };
  return {
    kernel: 'simulated',
    simulated_lanes: laneNames.map((name) => ({ name, ...lane, traffic })),
  };
}
