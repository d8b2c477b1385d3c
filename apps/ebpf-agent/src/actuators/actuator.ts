import type { Gains } from '@levitate/control';
import type { SysctlLimitKey } from '@levitate/kernel';
import type { RestoreOutcome } from '../kernel.ts';
import { type ActuatorKind, bytesPerUnit, type SocketDirection, type Target } from './target.ts';

/** A link as its actuators are configured. */
export interface ActuatedLink {
  name: string;
  interface: string;
  netns?: string | undefined;
  /** What is tried, in this order; the simulated kernel comes after all of it. */
  actuators: readonly ActuatorKind[];
  /** What a packet is taken for where a limit is counted in packets, bytes. */
  packetBytes: number;
  /** Local TCP port whose connections are driven. */
  socketPort?: number | undefined;
  socketDirection: SocketDirection;
  sysctl?: SysctlLimitKey | undefined;
}

/** One target of a link and its limit as it stands, in the target's own unit. */
export interface Part {
  target: Target;
  size: number;
}

/** What an actuator finds of a link. */
export type Finding =
  /** Every part is set to the limit; the link's own limit is the smallest of theirs. */
  | { kind: 'found'; parts: readonly [Part, ...Part[]]; label: string }
  /** It cannot be driven here; the reason names the next step. */
  | { kind: 'unavailable'; reason: string }
  /** The link itself is not there, so nothing of it can be driven. */
  | { kind: 'absent'; reason: string };

/** What a change did, bytes, as read back. */
export interface LimitChange {
  previousLimitBytes: number;
  limitBytes: number;
}

/** One kind of thing that holds limits. Every change is verified by reading back. */
export interface Actuator {
  readonly kind: ActuatorKind;
  /** Look for the targets of links, in their order. Never throws. */
  find(links: readonly ActuatedLink[]): Finding[];
  /**
   * Change the limit of a target, if it is still this one.
   * @param gains of use where the target is controlled by a PID of its own; absent: they stay
   * @throws KernelError `not-found`, `changed-underneath` where it is another by now, and others
   */
  set(target: Target, limitBytes: number, gains?: Gains): LimitChange;
  /**
   * Put an original back. What is gone or was replaced is never touched.
   * @param size in the target's own unit
   * @throws KernelError where it is the right one and the kernel refuses
   */
  restore(target: Target, size: number): RestoreOutcome;
}

/** The target as one of its kind. An actuator is given targets it found itself. */
export function ofKind<Kind extends ActuatorKind>(
  target: Target,
  kind: Kind,
): Extract<Target, { actuator: Kind }> {
  if (target.actuator === kind) return target as Extract<Target, { actuator: Kind }>;
  throw new TypeError(`a target of ${target.actuator} was given to ${kind}`);
}

/** The limit of a part in bytes. */
export function limitBytesOf({ target, size }: Part): number {
  return size * bytesPerUnit(target);
}
