import type { VirtualProcesses } from '@levitate/testing/faults';
import type { ManagedResource, NotedOriginal } from '../managed-resource.ts';
import { type Applying, type Measuring, sizes } from './controller-steps.ts';

/** Who rules the resource, in which process. */
export interface Ruler {
  who: 0 | 1;
  process: number;
}

/** Told what is done to the resource, before it takes effect. */
export interface ResourceWatch {
  onMeasured(ruler: Ruler, measured: { size: number; need: number; rejected: number }): void;
  onChange(ruler: Ruler, size: number): void;
  onRestore(ruler: Ruler, original: NotedOriginal): void;
}

/** Weights of a resource that nobody has changed. */
export const ownWeights = 'a=1 b=1';

/** A resource that outlives those who rule it, and does not always do or say what it should. */
export class FaultyResource {
  readonly name = 'workers';
  size: number = sizes.original;
  weights = ownWeights;
  run = 1;
  need = 4;
  rejected = 0;
  applying: Applying = 'sound';
  /** Whether a size is put back, and not a change; the rules know. */
  isRestore: (ruler: Ruler, size: number) => boolean = () => false;
  readonly #processes: VirtualProcesses;
  readonly #watch: ResourceWatch;
  readonly #hasWeights: boolean;
  #measuring: Measuring = 'sound';
  /** What it says while it says always the same. */
  #told = { size: this.size, need: this.need, rejected: 0 };

  constructor(parts: {
    processes: VirtualProcesses;
    watch: ResourceWatch;
    /** Whether more than its size is changed, and put back by `restore`. */
    hasWeights: boolean;
  }) {
    this.#processes = parts.processes;
    this.#watch = parts.watch;
    this.#hasWeights = parts.hasWeights;
  }

  get measuring(): Measuring {
    return this.#measuring;
  }

  set measuring(measuring: Measuring) {
    if (this.#measuring !== 'constant') this.#told = this.#truth();
    this.#measuring = measuring;
  }

  /** It comes up again, with a size of its own or the one it had. */
  restart(size: number | undefined): void {
    this.run += 1;
    if (size === undefined || size === this.size) return;
    this.size = size;
    this.weights = ownWeights;
  }

  /** The resource as one ruler reaches it. */
  reachedBy(ruler: Ruler): ManagedResource {
    const { name } = this;
    const { min, max } = sizes;
    const reached: ManagedResource = {
      ...{ name, unit: 'threads', min, max },
      measure: () => this.#measure(ruler),
      apply: (size) => this.#apply(ruler, size),
    };
    if (!this.#hasWeights) return reached;
    return Object.assign(reached, {
      snapshot: () => this.weights,
      restore: (original: NotedOriginal) => {
        const { size, snapshot = 'none' } = original;
        // Whoever changes more than a size reads that back itself.
        if (this.applying === 'ignores') throw new Error('the weights are not what they were');
        return this.#effect(ruler, {
          tell: () => this.#watch.onRestore(ruler, original),
          ...{ size, weights: snapshot },
        });
      },
    });
  }

  #apply(ruler: Ruler, size: number): Promise<void> {
    if (this.#hasWeights) {
      const tell = () => this.#watch.onChange(ruler, size);
      return this.#effect(ruler, { tell, size, weights: `a=${size} b=1` });
    }
    // Without a way of its own it is put back by the same call; the rules know the size.
    const tell = () =>
      this.isRestore(ruler, size)
        ? this.#watch.onRestore(ruler, { size })
        : this.#watch.onChange(ruler, size);
    return this.#effect(ruler, { tell, size, weights: this.weights });
  }

  async #effect(
    { process }: Ruler,
    effect: { tell: () => void; size: number; weights: string },
  ): Promise<void> {
    if (!this.#processes.passes(process, 'before a change')) return never();
    effect.tell();
    const { applying } = this;
    if (applying === 'refuses') throw new Error('refused');
    if (applying === 'hangs') return never();
    if (applying !== 'ignores') {
      this.size = effect.size;
      this.weights = effect.weights;
    }
    if (applying === 'fails late') throw new Error('done, but not said so');
    if (applying === 'hangs late') return never();
    if (!this.#processes.passes(process, 'after a change')) return never();
  }

  async #measure(ruler: Ruler) {
    if (!this.#processes.passes(ruler.process, 'measuring')) return never();
    const { measuring } = this;
    if (measuring === 'throws') throw new Error('nobody answers');
    if (measuring === 'hangs') return never();
    const said = measuring === 'constant' ? this.#told : this.#truth();
    const told = { ...said, instance: `run ${this.run}` };
    if (measuring === 'NaN') told.need = Number.NaN;
    if (measuring === 'negative') told.need = -told.need - 1;
    if (measuring === 'hundredfold') told.need = 150 * sizes.max;
    this.#watch.onMeasured(ruler, told);
    return told;
  }

  #truth() {
    const { size, need, rejected } = this;
    return { size, need, rejected };
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
