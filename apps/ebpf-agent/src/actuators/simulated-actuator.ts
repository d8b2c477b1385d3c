import type { QueueIdentity, RestoreOutcome } from '../kernel.ts';
import {
  type ActuatedLink,
  type Actuator,
  type Finding,
  type LimitChange,
  ofKind,
} from './actuator.ts';
import type { Target } from './target.ts';

/** What a limit that limits nothing begins at, bytes: the least a controller asks for. */
const LIMIT_BYTES = 524_288;

/**
 * The end of every chain: limits that are kept and answered like real ones and change nothing on
 * the host, so that what would be done to a link can be watched where nothing can be done to it.
 */
export class SimulatedActuator implements Actuator {
  readonly kind = 'simulated';
  readonly #limits = new Map<string, number>();

  find(links: readonly ActuatedLink[]): Finding[] {
    return links.map(({ name }) => {
      const identity = identityOf(name);
      const size = this.#limits.get(name) ?? LIMIT_BYTES;
      const part = { target: { actuator: this.kind, identity } as const, size };
      return { kind: 'found', parts: [part], label: 'nothing on this host: simulated' };
    });
  }

  set(target: Target, limitBytes: number): LimitChange {
    const { interface: name } = ofKind(target, this.kind).identity;
    const previousLimitBytes = this.#limits.get(name) ?? LIMIT_BYTES;
    this.#limits.set(name, limitBytes);
    return { previousLimitBytes, limitBytes };
  }

  restore(target: Target, size: number): RestoreOutcome {
    this.set(target, size);
    return 'restored';
  }
}

/** The name of the link tells its queue, in this boot and in no other. */
function identityOf(link: string): QueueIdentity {
  return {
    bootId: `simulated ${link}`,
    netnsInode: 0,
    interface: link,
    ifindex: 0,
    handle: 0,
    parent: 0,
    kind: 'simulated',
  };
}
