import { join } from 'node:path';
import { KernelError } from '@levitate/kernel';
import type { AgentConfig, AgentLink } from '../config.ts';
import type { Kernel } from '../kernel.ts';
import {
  KernelPrograms,
  type KernelProgramsOptions,
  type ProgrammedLink,
} from './kernel-programs.ts';
import { gainToQ16 } from './layout.ts';
import { objectPath } from './object-path.ts';
import { PROGRAMS_FILE } from './programs-file.ts';

/** The programs, or why there are none: the agent then looks at the queues itself. */
export type OpenedPrograms =
  | { programs: KernelPrograms; reason: '' }
  | { programs: undefined; reason: string };

/** Load the programs where the configuration wants them and the host allows them. */
export function openPrograms(parts: {
  config: Pick<AgentConfig, 'ebpf' | 'links'>;
  kernel: Pick<Kernel, 'kind' | 'simulatedReason'>;
  stateDirectory: string;
  onFault?: KernelProgramsOptions['onFault'];
}): OpenedPrograms {
  const { config, kernel, stateDirectory, onFault } = parts;
  const without = (reason: string) => ({ programs: undefined, reason });
  if (kernel.kind === 'simulated') return without(`simulated kernel: ${kernel.simulatedReason}`);
  if (config.ebpf === 'off') return without('the configuration says `ebpf: off`');
  try {
    const programs = KernelPrograms.open({
      object: objectPath,
      footprint: join(stateDirectory, PROGRAMS_FILE),
      links: config.links.map(programmedLink),
      ...(onFault && { onFault }),
    });
    return { programs, reason: '' };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return without(error.message);
  }
}

function programmedLink({ name, interface: own, netns, xdp, ...link }: AgentLink): ProgrammedLink {
  const common = { name, interface: own, netns };
  if (xdp.mode === 'off') return { ...common, ingress: undefined };
  return {
    ...common,
    ingress: {
      interface: xdp.interface ?? own,
      attach: xdp.attach,
      mode: xdp.mode,
      rateBytesPerSecond: xdp.rate_bytes_per_second ?? link.drain_bytes_per_second ?? 0,
      queue: {
        maxSize: xdp.max_bytes,
        kp: gainToQ16(xdp.kp),
        ki: gainToQ16(xdp.ki),
        kd: gainToQ16(xdp.kd),
      },
      microburstGapNs: Math.round(xdp.microburst_gap_us * 1000),
      microburstPackets: xdp.microburst_packets,
    },
  };
}
