import type { Kernel, QueueIdentity, QueueInspection, RestoreOutcome } from '../kernel.ts';
import type { ActuatedLink, Actuator, Finding, LimitChange, Part } from './actuator.ts';
import type { Target } from './target.ts';

/** Queues of a kernel: qdiscs of the real one, and all there is of the simulated one. */
export class KernelActuator implements Actuator {
  readonly kind: 'qdisc' | 'simulated';
  readonly #kernel: Kernel;
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(kernel: Kernel) {
    this.kind = kernel.kind === 'real' ? 'qdisc' : 'simulated';
    this.#kernel = kernel;
    this.#indexes = new Map(kernel.links.map(({ name }, index) => [name, index]));
  }

  find(links: readonly ActuatedLink[]): Finding[] {
    const inspections = this.#kernel.inspectAll();
    return links.map((link) => {
      const inspection = inspections[this.#indexes.get(link.name) ?? -1];
      return this.#finding(link, inspection);
    });
  }

  set(target: Target, limitBytes: number): LimitChange {
    const { identity, unit } = this.#queueOf(target);
    const limit = Math.max(1, Math.round(limitBytes / unit));
    const change = this.#kernel.setLimit(identity, limit);
    return {
      previousLimitBytes: change.previousLimit * unit,
      limitBytes: change.limit * unit,
    };
  }

  restore(target: Target, size: number): RestoreOutcome {
    return this.#kernel.restore(this.#queueOf(target).identity, size);
  }

  #finding(link: ActuatedLink, inspection: QueueInspection | undefined): Finding {
    const { reading, queues = [], notControllableReason: reason = '' } = inspection ?? {};
    if (reading === undefined) return { kind: 'absent', reason };
    const [first, ...rest] = queues.map(({ identity, limit, unit }): Part => {
      if (this.kind === 'simulated') {
        return { target: { actuator: 'simulated', identity }, size: limit };
      }
      const bytesPerUnit = unit === 'packets' ? link.packetBytes : 1;
      return { target: { actuator: 'qdisc', identity, bytesPerUnit }, size: limit };
    });
    if (first === undefined) return { kind: 'unavailable', reason };
    const label = inspection?.label ?? '';
    return { kind: 'found', parts: [first, ...rest], label };
  }

  #queueOf(target: Target): { identity: QueueIdentity; unit: number } {
    if (target.actuator === 'qdisc') {
      return { identity: target.identity, unit: target.bytesPerUnit };
    }
    if (target.actuator === 'simulated') return { identity: target.identity, unit: 1 };
    throw new TypeError(`a target of ${target.actuator} was given to the kernel's queues`);
  }
}
