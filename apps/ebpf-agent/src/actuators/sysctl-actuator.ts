import {
  checkSysctlLimit,
  KernelError,
  namespaceInode,
  readSysctlLimit,
  restoreSysctlLimit,
  writeSysctlLimit,
} from '@levitate/kernel';
import type { RestoreOutcome } from '../kernel.ts';
import {
  type ActuatedLink,
  type Actuator,
  type Finding,
  type LimitChange,
  ofKind,
} from './actuator.ts';
import { bootId } from './restore-queue.ts';
import type { SysctlTarget, Target } from './target.ts';

/** Kernel parameters that bound the buffers of sockets, each in the namespace of its link. */
export class SysctlActuator implements Actuator {
  readonly kind = 'sysctl';
  readonly #boot = bootId();

  find(links: readonly ActuatedLink[]): Finding[] {
    return links.map((link) => this.#find(link));
  }

  set(target: Target, limitBytes: number): LimitChange {
    const sysctl = ofKind(target, this.kind);
    const { key, netns, bytesPerUnit } = sysctl;
    if (namespaceInode(netns) !== sysctl.netnsInode) throw anotherNamespace(sysctl);
    const limit = Math.round(limitBytes / bytesPerUnit);
    const { previous } = writeSysctlLimit({ key, netns }, limit);
    return { previousLimitBytes: previous * bytesPerUnit, limitBytes: limit * bytesPerUnit };
  }

  restore(target: Target, size: number): RestoreOutcome {
    return restoreSysctl(ofKind(target, this.kind), size);
  }

  #find({ sysctl: key, netns }: ActuatedLink): Finding {
    if (key === undefined) {
      return { kind: 'unavailable', reason: 'no `sysctl` is configured for this link' };
    }
    try {
      const netnsInode = namespaceInode(netns) ?? 0;
      checkSysctlLimit({ key, netns });
      const { limit, bytesPerUnit } = readSysctlLimit({ key, netns });
      const place = { bootId: this.#boot, netns, netnsInode, key, bytesPerUnit };
      const target: Target = { actuator: this.kind, ...place };
      return { kind: 'found', parts: [{ target, size: limit }], label: key };
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return { kind: 'unavailable', reason: error.message };
    }
  }
}

/** Put a parameter back, in the namespace it is of and in no other. @throws KernelError */
export function restoreSysctl(target: SysctlTarget, size: number): RestoreOutcome {
  if (target.bootId !== bootId()) return 'gone';
  if (namespaceInode(target.netns) !== target.netnsInode) return 'gone';
  restoreSysctlLimit(target, size);
  return 'restored';
}

function anotherNamespace({ key, netns }: SysctlTarget): KernelError {
  return new KernelError({
    code: 'changed-underneath',
    what: `setting sysctl ${key}`,
    why: `the namespace ${netns ?? 'of the agent'} is not the one it was`,
    next: 'nothing was changed; list the links again',
  });
}
