import type { Gains } from '@levitate/control';
import type { RestoreOutcome } from '../kernel.ts';
import type { ActuatedLink, Actuator, Finding, LimitChange, Part } from './actuator.ts';
import type { ActuatorKind, Target } from './target.ts';

/** An actuator of a link that cannot be driven. */
export interface Unavailable {
  kind: ActuatorKind;
  /** Why, and the next step. */
  reason: string;
}

/** What drives a link now. */
export interface Actuation {
  kind: ActuatorKind;
  parts: readonly [Part, ...Part[]];
  /** The place in words. */
  label: string;
}

/** What the chain of a link comes to. */
export interface ChainOutcome {
  /** `undefined` where the link is not there, or what is demanded cannot be driven. */
  actuation: Actuation | undefined;
  /** Why there is none; empty where there is one. */
  reason: string;
  /** Whether the link itself is missing. */
  isAbsent: boolean;
  /** What was tried before, in order. */
  unavailable: readonly Unavailable[];
}

/**
 * Tries the actuators of each link in the order of its configuration. What cannot be driven falls
 * to the next with its reason kept; the last is the simulated kernel, which can always be driven.
 */
export class ActuatorChain {
  readonly #links: ReadonlyMap<string, ActuatedLink>;
  readonly #actuators: ReadonlyMap<ActuatorKind, Actuator>;

  constructor(links: readonly ActuatedLink[], actuators: readonly Actuator[]) {
    this.#links = new Map(links.map((link) => [link.name, link]));
    this.#actuators = new Map(actuators.map((actuator) => [actuator.kind, actuator]));
  }

  /** Names of the links, in the order of the configuration. */
  get links(): readonly string[] {
    return [...this.#links.keys()];
  }

  /**
   * Look what drives links. Each actuator is asked once for all links that come to it.
   * @param names links of the configuration; default all
   * @param only what alone may drive a link, by its name: a link keeps its actuator under a lease
   */
  find(
    names: readonly string[] = this.links,
    only: ReadonlyMap<string, ActuatorKind> = new Map(),
  ): ChainOutcome[] {
    const walks = names.map((name) => this.#walk(name, only.get(name)));
    while (true) {
      const open = walks.filter(({ outcome }) => outcome === undefined);
      const kind = open[0]?.rest[0];
      if (kind === undefined) break;
      const asked = open.filter(({ rest }) => rest[0] === kind);
      const findings = this.#findAll(kind, asked);
      for (const [index, walk] of asked.entries()) step(walk, kind, findings[index]);
    }
    return walks.map(({ outcome, unavailable }) => outcome ?? exhausted(unavailable));
  }

  /** @see Actuator.set */
  set(target: Target, limitBytes: number, gains?: Gains): LimitChange {
    return this.#actuator(target.actuator).set(target, limitBytes, gains);
  }

  /** @see Actuator.restore */
  restore(target: Target, size: number): RestoreOutcome {
    return this.#actuator(target.actuator).restore(target, size);
  }

  #walk(name: string, only: ActuatorKind | undefined): Walk {
    const link = this.#links.get(name);
    if (link === undefined) throw new RangeError(`no link ${name}`);
    const chain = [...link.actuators.filter((kind) => kind !== 'simulated'), 'simulated' as const];
    const rest = only === undefined ? chain.filter((kind) => this.#actuators.has(kind)) : [only];
    return { link, rest, unavailable: [], outcome: undefined };
  }

  #findAll(kind: ActuatorKind, walks: readonly Walk[]): Finding[] {
    return this.#actuator(kind).find(walks.map(({ link }) => link));
  }

  #actuator(kind: ActuatorKind): Actuator {
    const actuator = this.#actuators.get(kind);
    if (actuator === undefined) throw new RangeError(`no actuator for ${kind}`);
    return actuator;
  }
}

/** One link on its way along its chain. */
interface Walk {
  link: ActuatedLink;
  /** What is still to be tried. */
  rest: ActuatorKind[];
  unavailable: Unavailable[];
  outcome: ChainOutcome | undefined;
}

function step(walk: Walk, kind: ActuatorKind, finding: Finding | undefined): void {
  const { unavailable } = walk;
  walk.rest.shift();
  switch (finding?.kind) {
    case 'found': {
      const { parts, label } = finding;
      const actuation = { kind, parts, label };
      walk.outcome = { actuation, reason: '', isAbsent: false, unavailable };
      return;
    }
    case 'absent': {
      const { reason } = finding;
      walk.outcome = { actuation: undefined, reason, isAbsent: true, unavailable };
      return;
    }
    default: {
      unavailable.push({ kind, reason: finding?.reason ?? 'it was not looked for' });
      if (walk.rest.length === 0) walk.outcome = exhausted(unavailable);
    }
  }
}

function exhausted(unavailable: readonly Unavailable[]): ChainOutcome {
  const reason = unavailable.map((one) => `${one.kind}: ${one.reason}`).join('; ');
  return { actuation: undefined, reason, isAbsent: false, unavailable };
}
