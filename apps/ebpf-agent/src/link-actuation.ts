import type { Gains } from '@levitate/control';
import { KernelError } from '@levitate/kernel';
import { type LimitChange, limitBytesOf, type Part } from './actuators/actuator.ts';
import type {
  Actuation,
  ActuatorChain,
  ChainOutcome,
  Unavailable,
} from './actuators/actuator-chain.ts';
import type { ActuatorKind } from './actuators/target.ts';
import { AgentError } from './errors.ts';

/** What drives a link, with what was tried before it. */
export interface LinkActuation extends Actuation {
  unavailable: readonly Unavailable[];
}

/** A limit that is to be put in force, bytes, with the gains that go with it. */
export interface LimitWish {
  limitBytes: number;
  /** Absent: they stay. */
  gains?: Gains | undefined;
}

/**
 * What drives each link. It is chosen when a lease is taken and stays while the lease lasts, so
 * that a change never lands in another place than the one before it.
 */
export class LinkActuations {
  readonly #chain: ActuatorChain;
  readonly #chosen = new Map<string, LinkActuation>();
  /** Limits of links whose queue does not show them, bytes. */
  readonly #limits = new Map<string, number>();
  #changed = new Map<string, number>();

  constructor(chain: ActuatorChain) {
    this.#chain = chain;
  }

  /** Look at every link, in the order of the configuration. What is chosen stays chosen. */
  lookAll(): ChainOutcome[] {
    const names = this.#chain.links;
    const only = new Map([...this.#chosen].map(([name, { kind }]) => [name, kind]));
    return this.#chain.find(names, only).map((outcome, index) => {
      const name = names[index] ?? '';
      const { actuation } = outcome;
      if (actuation !== undefined) this.#learn(name, actuation.kind, limitOf(actuation));
      const chosen = this.#chosen.get(name);
      return chosen === undefined ? outcome : { ...outcome, unavailable: chosen.unavailable };
    });
  }

  /** Choose what drives a link from now on. @throws AgentError `LINK_GONE`, `NOT_CONTROLLABLE` */
  choose(link: string, preferred?: ActuatorKind): LinkActuation {
    const known = this.#chosen.get(link);
    if (preferred !== undefined && known?.kind === preferred) {
      const again = this.#findOne(link, preferred).actuation;
      if (again !== undefined) return this.#keep(link, again, known.unavailable);
    }
    const outcome = this.#findOne(link);
    if (outcome.actuation === undefined) throw notDriven(link, outcome);
    return this.#keep(link, outcome.actuation, outcome.unavailable);
  }

  /** What was chosen, as it was found last. */
  chosen(link: string): LinkActuation | undefined {
    return this.#chosen.get(link);
  }

  /** Whether what was found last is all there is: connections come and go, queues stay. */
  isLasting({ kind }: Actuation): boolean {
    return kind !== 'socket-buffers';
  }

  /** Look at a chosen link again. @throws AgentError `LINK_GONE`, `NOT_CONTROLLABLE` */
  review(link: string): LinkActuation {
    const known = this.#chosen.get(link);
    if (known === undefined) return this.choose(link);
    const outcome = this.#findOne(link, known.kind);
    if (outcome.actuation === undefined) throw notDriven(link, outcome);
    return this.#keep(link, outcome.actuation, known.unavailable);
  }

  /** The lease is over: the next one chooses anew. */
  forget(link: string): void {
    this.#chosen.delete(link);
  }

  /**
   * Set every part to the limit. A connection that has ended meanwhile is passed over.
   * @returns the smallest of what was and of what is, bytes
   * @throws KernelError
   */
  set(link: string, actuation: Actuation, { limitBytes, gains }: LimitWish): LimitChange {
    const changes: LimitChange[] = [];
    let ended: KernelError | undefined;
    for (const { target } of actuation.parts) {
      try {
        changes.push(this.#chain.set(target, limitBytes, gains));
      } catch (error) {
        const isEnded = error instanceof KernelError && error.code === 'not-found';
        if (!isEnded || this.isLasting(actuation)) throw error;
        ended = error;
      }
    }
    if (changes.length === 0 && ended !== undefined) throw ended;
    const change = {
      previousLimitBytes: Math.min(...changes.map((one) => one.previousLimitBytes)),
      limitBytes: Math.min(...changes.map((one) => one.limitBytes)),
    };
    this.#learn(link, actuation.kind, change.limitBytes);
    this.#changed.set(link, change.limitBytes);
    return change;
  }

  /** An original is in force again. */
  restored(link: string, kind: ActuatorKind, limitBytes: number): void {
    this.#learn(link, kind, limitBytes);
    this.#changed.set(link, limitBytes);
  }

  /** Limits in bytes, by link, set or put back since the last call. */
  takeChanged(): ReadonlyMap<string, number> {
    const changed = this.#changed;
    if (changed.size > 0) this.#changed = new Map();
    return changed;
  }

  /** Limit in force, bytes, of a link whose queue does not show it; else `undefined`. */
  hiddenLimit(link: string): number | undefined {
    return this.#limits.get(link);
  }

  #learn(link: string, kind: ActuatorKind, limitBytes: number): void {
    if (kind === 'qdisc') this.#limits.delete(link);
    else this.#limits.set(link, limitBytes);
  }

  #keep(link: string, actuation: Actuation, unavailable: readonly Unavailable[]): LinkActuation {
    const kept = { ...actuation, unavailable };
    this.#chosen.set(link, kept);
    this.#learn(link, kept.kind, limitOf(kept));
    return kept;
  }

  #findOne(link: string, only?: ActuatorKind): ChainOutcome {
    const pins = new Map(only === undefined ? [] : [[link, only]]);
    const [outcome] = this.#chain.find([link], pins);
    if (outcome === undefined) throw new RangeError(`no link ${link}`);
    return outcome;
  }
}

/** The limit of a link is the smallest of its parts': that one fills first. */
export function limitOf({ parts }: { parts: readonly Part[] }): number {
  return Math.min(...parts.map((part) => limitBytesOf(part)));
}

function notDriven(link: string, { isAbsent, reason }: ChainOutcome): AgentError {
  const code = isAbsent ? 'LINK_GONE' : 'NOT_CONTROLLABLE';
  return new AgentError({ code, message: `link ${link}: ${reason}` });
}
