import type { AgentLink } from '../config.ts';
import type { Kernel } from '../kernel.ts';
import type { ActuatedLink } from './actuator.ts';
import { ActuatorChain } from './actuator-chain.ts';
import { BpfMapActuator } from './bpf-map-actuator.ts';
import { KernelActuator } from './kernel-actuator.ts';
import { SimulatedActuator } from './simulated-actuator.ts';
import { SocketBuffersActuator } from './socket-buffers-actuator.ts';
import { SysctlActuator } from './sysctl-actuator.ts';
import type { VirtualQueueTable } from './virtual-queue-table.ts';

/** What the chains of all links are made from. */
export interface ChainParts {
  kernel: Kernel;
  links: readonly AgentLink[];
  /** The map of virtual queues; `undefined` where no BPF object is loaded. */
  virtualQueues?: VirtualQueueTable | undefined;
}

/** Every actuator of this host behind the chains of its links. */
export function openChain({ kernel, links, virtualQueues }: ChainParts): ActuatorChain {
  const queues = new KernelActuator(kernel);
  if (kernel.kind === 'simulated') {
    return new ActuatorChain(kernel.links.map(simulatedLink), [queues]);
  }
  return new ActuatorChain(links.map(actuatedLink), [
    queues,
    new SocketBuffersActuator(),
    new SysctlActuator(),
    new BpfMapActuator(virtualQueues),
    new SimulatedActuator(),
  ]);
}

function actuatedLink(link: AgentLink): ActuatedLink {
  return {
    name: link.name,
    interface: link.interface,
    netns: link.netns,
    actuators: link.actuators,
    packetBytes: link.packet_bytes,
    socketPort: link.socket_port,
    socketDirection: link.socket_direction,
    sysctl: link.sysctl,
  };
}

function simulatedLink(link: { name: string; interface: string }): ActuatedLink {
  const { name, interface: place } = link;
  return { name, interface: place, actuators: [], packetBytes: 1, socketDirection: 'both' };
}
