import type { Clock } from '@levitate/clock';
import { type Capability, KernelError, missingCapabilities } from '@levitate/kernel';
import type { AgentConfig } from './config.ts';
import type { Kernel } from './kernel.ts';
import { RealKernel, type RealKernelOptions } from './real-kernel.ts';
import { SimulatedKernel } from './simulated-kernel.ts';

/** What the choice rests on. */
export interface KernelChoice {
  config: Pick<AgentConfig, 'kernel' | 'links' | 'simulated_lanes'>;
  capabilities: readonly Capability[];
  clock: Clock;
  onFault: RealKernelOptions['onFault'];
}

/**
 * The real kernel where it is wanted and possible, else the simulated one with the reason.
 * @throws KernelError `unsupported` where the real one is demanded and not possible
 */
export function chooseKernel(choice: KernelChoice): Kernel {
  const { config, capabilities, clock, onFault } = choice;
  const reason = simulatedReason(choice);
  if (config.kernel === 'real' && reason !== undefined) {
    const fixes = capabilities.filter((one) => one.isRequired && !one.present);
    throw new KernelError({
      code: 'unsupported',
      what: 'starting with `kernel: real`',
      why: reason,
      next: [...fixes.map(({ fix }) => fix), 'or use `kernel: auto`'].join('; '),
    });
  }
  if (reason === undefined) {
    const links = config.links.map((link) => ({
      name: link.name,
      interface: link.interface,
      netns: link.netns,
      drainBytesPerSecond: link.drain_bytes_per_second,
      packetBytes: link.packet_bytes,
    }));
    return new RealKernel({ links, capabilities, onFault });
  }
  return new SimulatedKernel({ lanes: lanesOf(config), reason, capabilities, clock });
}

function simulatedReason({ config, capabilities }: KernelChoice): string | undefined {
  if (config.kernel === 'simulated') return 'the configuration says `kernel: simulated`';
  const missing = missingCapabilities(capabilities);
  if (missing !== undefined) return `this host lacks ${missing}`;
  return config.links.length === 0 ? 'no links are configured' : undefined;
}

function lanesOf({ simulated_lanes }: Pick<AgentConfig, 'simulated_lanes'>) {
  return simulated_lanes.map((lane) => ({
    name: lane.name,
    limitBytes: lane.limit_bytes,
    drainBytesPerSecond: lane.drain_bytes_per_second,
    packetBytes: lane.packet_bytes,
    traffic: {
      kind: lane.traffic.kind,
      seed: lane.traffic.seed,
      intervalS: lane.traffic.interval_s,
      shareOfBudget: lane.traffic.share_of_budget,
      backgroundBytesPerSecond: lane.traffic.background_bytes_per_second,
    },
  }));
}
