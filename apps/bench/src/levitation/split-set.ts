import type { Sample } from '@levitate/series';
import type { ControlledSplit } from './shared-memory-split.ts';

/** A limit to be put in force. */
export interface LimitMove {
  link: string;
  limitBytes: number;
}

/** What a tick asks for: falls first, and what rises once they are confirmed. */
export interface LimitMoves {
  falls: LimitMove[];
  rises: LimitMove[];
}

/**
 * Queues of a host whose limits one split divides, in whole bytes as the kernel has them. It goes
 * by the limits that were confirmed, never by those it asked for. No I/O.
 */
export class SplitSet {
  readonly links: readonly string[];
  readonly #split: Pick<ControlledSplit, 'startBytes' | 'step'>;
  readonly #limitBytes: Map<string, number>;
  readonly #samples = new Map<string, Sample>();
  #heldMost = 0;
  #changes = 0;

  constructor(options: {
    links: readonly string[];
    split: Pick<ControlledSplit, 'startBytes' | 'step'>;
  }) {
    this.links = options.links;
    this.#split = options.split;
    const start = options.split.startBytes.map(Math.floor);
    this.#limitBytes = new Map(this.links.map((link, index) => [link, start[index] as number]));
    this.#note();
  }

  /** Limits as confirmed last, bytes; before that those to begin with. */
  get limitBytes(): number[] {
    return this.links.map((link) => this.#limitBytes.get(link) as number);
  }

  /** The most that all limits together ever were, bytes. */
  get limitsMostBytes(): number {
    return this.#heldMost;
  }

  /** Limits that changed since the start. */
  get changes(): number {
    return this.#changes;
  }

  /** One tick with the newest samples of its links; nothing moves until each has had one. */
  step(tick: { samples: readonly Sample[]; nowMs: number }): LimitMoves {
    for (const sample of tick.samples) {
      if (this.#limitBytes.has(sample.link)) this.#samples.set(sample.link, sample);
    }
    if (this.#samples.size < this.links.length) return { falls: [], rises: [] };
    const samples = this.links.map((link) => this.#samples.get(link) as Sample);
    const { limitBytes } = this;
    const next = this.#split.step({
      nowMs: tick.nowMs,
      samples,
      limitBytes,
      queuedBytes: samples.map(({ queueBytes }) => queueBytes ?? 0),
    });
    const moves = this.links.map((link, index) => {
      const bytes = Math.floor(next[index] as number);
      return { link, limitBytes: bytes, by: bytes - (limitBytes[index] as number) };
    });
    const only = (wanted: typeof moves) =>
      wanted.map(({ link, limitBytes }) => ({ link, limitBytes }));
    return {
      falls: only(moves.filter(({ by }) => by < 0)),
      rises: only(moves.filter(({ by }) => by > 0)),
    };
  }

  /** A limit was read back from the kernel. */
  confirm({ link, limitBytes }: LimitMove): void {
    if (this.#limitBytes.get(link) === limitBytes) return;
    this.#limitBytes.set(link, limitBytes);
    this.#changes += 1;
    this.#note();
  }

  #note(): void {
    const held = this.limitBytes.reduce((sum, bytes) => sum + bytes, 0);
    this.#heldMost = Math.max(this.#heldMost, held);
  }
}
