import type { SocketBuffers, SysctlLimitKey } from '@levitate/kernel';
import { identityKey, type QueueIdentity } from '../kernel.ts';
import type { VirtualQueueConfig } from './virtual-queue-table.ts';

/** Everything a limit can be written to, in the order in which it is tried by default. */
export const actuatorKinds = ['qdisc', 'socket-buffers', 'sysctl', 'bpf-map', 'simulated'] as const;

/** One of the kinds of actuator. */
export type ActuatorKind = (typeof actuatorKinds)[number];

/** One thing that holds a limit, told from every other of this and of every other boot. */
export type Target =
  | QueueTarget
  | SimulatedTarget
  | SocketBuffersTarget
  | SysctlTarget
  | BpfMapTarget;

/** The limit of a qdisc. */
export interface QueueTarget {
  actuator: 'qdisc';
  identity: QueueIdentity;
  /** 1 where it counts bytes; else what a packet is taken for. */
  bytesPerUnit: number;
}

/** A queue that does not exist. */
export interface SimulatedTarget {
  actuator: 'simulated';
  identity: QueueIdentity;
}

/** Which of the two buffers of a socket are driven. */
export type SocketDirection = 'send' | 'receive' | 'both';

/** The buffers of one connection. */
export interface SocketBuffersTarget {
  actuator: 'socket-buffers';
  bootId: string;
  /** As configured; `undefined` is the agent's own namespace. */
  netns?: string | undefined;
  port: number;
  /** The process it was found in; it may have passed to another since. */
  pid: number;
  inode: number;
  /** `SO_COOKIE`, hexadecimal; no other socket of this boot has it. */
  cookie: string;
  direction: SocketDirection;
  /** How the buffers were. */
  before: SocketBuffers;
}

/** A parameter of the kernel. */
export interface SysctlTarget {
  actuator: 'sysctl';
  bootId: string;
  /** As configured; `undefined` is the agent's own namespace. */
  netns?: string | undefined;
  netnsInode: number;
  key: SysctlLimitKey;
  /** 1, or the size of a page. */
  bytesPerUnit: number;
}

/** The entry of a link in the map of a BPF program. */
export interface BpfMapTarget {
  actuator: 'bpf-map';
  bootId: string;
  /** Tells the map from another made later. */
  table: string;
  link: string;
  /** How the entry was. */
  before: VirtualQueueConfig;
}

/** Key of a target in the durable record: equal for equal targets, whatever they are called. */
export function targetKey(target: Target): string {
  switch (target.actuator) {
    case 'qdisc':
    case 'simulated':
      return identityKey(target.identity);
    case 'socket-buffers':
      return [target.bootId, 'socket', target.cookie].join('|');
    case 'sysctl':
      return [target.bootId, 'sysctl', target.netnsInode, target.key].join('|');
    case 'bpf-map':
      return [target.bootId, 'bpf-map', target.table, target.link].join('|');
  }
}

/** Bytes of one unit of the target's own: packets and pages are told in bytes. */
export function bytesPerUnit(target: Target): number {
  return 'bytesPerUnit' in target ? target.bytesPerUnit : 1;
}
