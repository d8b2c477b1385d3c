import type { Gains } from '@levitate/control';
import { KernelError } from '@levitate/kernel';
import { gainToQ16 } from '../ebpf/layout.ts';
import type { RestoreOutcome } from '../kernel.ts';
import {
  type ActuatedLink,
  type Actuator,
  type Finding,
  type LimitChange,
  ofKind,
} from './actuator.ts';
import { bootId } from './restore-queue.ts';
import type { BpfMapTarget, Target } from './target.ts';
import type { VirtualQueueConfig, VirtualQueueTable } from './virtual-queue-table.ts';

/** `max_size` is 64 bits; beyond 2^53 a number is not exact. */
const SIZE_MAX = Number.MAX_SAFE_INTEGER;

/** Depth and gains of the virtual queue that the XDP program of a link polices by. */
export class BpfMapActuator implements Actuator {
  readonly kind = 'bpf-map';
  readonly #boot = bootId();
  readonly #table: VirtualQueueTable | undefined;

  /** @param table `undefined` where no BPF object is loaded */
  constructor(table: VirtualQueueTable | undefined) {
    this.#table = table;
  }

  find(links: readonly ActuatedLink[]): Finding[] {
    return links.map(({ name }) => this.#find(name));
  }

  set(target: Target, limitBytes: number, gains?: Gains): LimitChange {
    const entry = ofKind(target, this.kind);
    const table = this.#table;
    const present = table?.id === entry.table ? table.read(entry.link) : undefined;
    if (table === undefined || present === undefined) throw replaced(entry);
    const maxSize = Math.min(SIZE_MAX, Math.round(limitBytes));
    put(table, entry.link, { ...present, ...(gains && inQ16(gains)), maxSize });
    return { previousLimitBytes: present.maxSize, limitBytes: maxSize };
  }

  restore(target: Target): RestoreOutcome {
    return restoreBpfMap(ofKind(target, this.kind), this.#table);
  }

  #find(link: string): Finding {
    const table = this.#table;
    if (table === undefined) {
      const reason = 'no BPF programs are loaded; `levitate check` says what they need';
      return { kind: 'unavailable', reason };
    }
    try {
      const before = table.read(link);
      if (before === undefined) {
        return { kind: 'unavailable', reason: 'the link has no virtual queue in its BPF map' };
      }
      const place = { bootId: this.#boot, table: table.id, link };
      const target: Target = { actuator: this.kind, ...place, before };
      const parts = [{ target, size: before.maxSize }] as const;
      return { kind: 'found', parts, label: `buffer_config_map of ${link}` };
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return { kind: 'unavailable', reason: error.message };
    }
  }
}

function inQ16({ kp, ki, kd }: Gains): Pick<VirtualQueueConfig, 'kp' | 'ki' | 'kd'> {
  return { kp: gainToQ16(kp), ki: gainToQ16(ki), kd: gainToQ16(kd) };
}

/** Put an entry back, where its map is still there. @throws KernelError */
export function restoreBpfMap(
  target: BpfMapTarget,
  table: VirtualQueueTable | undefined,
): RestoreOutcome {
  if (target.bootId !== bootId() || table?.id !== target.table) return 'gone';
  if (table.read(target.link) === undefined) return 'gone';
  put(table, target.link, target.before);
  return 'restored';
}

function put(table: VirtualQueueTable, link: string, config: VirtualQueueConfig): void {
  table.write(link, config);
  const after = table.read(link);
  const fields = ['maxSize', 'kp', 'ki', 'kd'] as const;
  const unlike = fields.find((field) => after?.[field] !== config[field]);
  if (unlike === undefined) return;
  throw new KernelError({
    code: 'verification-failed',
    what: `setting the virtual queue of ${link}`,
    why: `${unlike} reads back ${after?.[unlike]}, was set to ${config[unlike]}`,
    next: 'see who else writes this map (`bpftool map`)',
  });
}

function replaced({ link }: BpfMapTarget): KernelError {
  return new KernelError({
    code: 'changed-underneath',
    what: `setting the virtual queue of ${link}`,
    why: 'its map is not the one it was',
    next: 'nothing was changed; list the links again',
  });
}
