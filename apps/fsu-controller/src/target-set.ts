import { ControlledTarget } from './controlled-target.ts';
import type { OperatedTarget } from './operated-target.ts';
import type { TargetConfig } from './target-config.ts';

/** @see TargetSet */
export interface TargetSetOptions {
  /** A target that does nothing yet. @throws where its source cannot be used */
  open: (config: TargetConfig) => OperatedTarget;
  /** Told after every change of the set. */
  onChange: () => void;
}

interface Member {
  config: TargetConfig;
  target: OperatedTarget;
  stopping: AbortController;
  ended: Promise<void>;
}

/**
 * The targets of this controller, which may change while it runs: those whose configuration stays
 * go on undisturbed, those that go are given back first, originals restored.
 */
export class TargetSet {
  readonly #options: TargetSetOptions;
  #members: Member[] = [];
  /** One change of the set after the other. */
  #turn: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: TargetSetOptions) {
    this.#options = options;
  }

  get all(): readonly OperatedTarget[] {
    return this.#members.map(({ target }) => target);
  }

  /** Those that are queues of links. */
  get queues(): readonly ControlledTarget[] {
    return this.all.filter((target) => target instanceof ControlledTarget);
  }

  get configs(): readonly TargetConfig[] {
    return this.#members.map(({ config }) => config);
  }

  /**
   * Have these targets from now on.
   * @throws of a target that cannot be opened; the set is then as it was
   */
  replace(configs: readonly TargetConfig[]): Promise<void> {
    const turn = this.#turn.then(() => this.#replace(configs));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Give every target back. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#turn;
    await Promise.all(this.#members.map(end));
    this.#members = [];
  }

  async #replace(configs: readonly TargetConfig[]): Promise<void> {
    if (this.#isStopped) return;
    const before = new Map(this.#members.map((member) => [JSON.stringify(member.config), member]));
    // Everything is opened before anything is ended: a set with a faulty member changes nothing.
    const next = configs.map((config) => {
      const kept = before.get(JSON.stringify(config));
      return kept ?? { config, target: this.#options.open(config) };
    });
    const gone = this.#members.filter((member) => !next.includes(member));
    await Promise.all(gone.map(end));
    this.#members = next.map((one) => ('ended' in one ? one : begun(one)));
    this.#options.onChange();
  }
}

function begun({ config, target }: Pick<Member, 'config' | 'target'>): Member {
  const stopping = new AbortController();
  return { config, target, stopping, ended: target.run(stopping.signal) };
}

async function end({ target, stopping, ended }: Member): Promise<void> {
  stopping.abort();
  await target.giveUp();
  await ended;
}
