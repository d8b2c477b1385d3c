/** Setting of one target as it was before anybody touched it. */
export interface Original<Detail> {
  /** Target, unique on its host. */
  key: string;
  /** In the target's own unit. */
  size: number;
  /** Wall clock, milliseconds since 1970. */
  recordedUnixMs: number;
  /** What the restorer needs to find the target again. */
  detail: Detail;
}

/** The record as it lies on disk. */
export interface OriginalsRecord<Detail> {
  version: 1;
  originals: Original<Detail>[];
}

/** One restore to make. */
export interface Restoration<Detail> {
  key: string;
  size: number;
  detail: Detail;
}

/** Originals that one host can hold. */
export const originalsMax = 4_096;

/**
 * Original settings of a host (SPEC 4.4): noted before the first change, durable before the change
 * is made, kept until a restore has been verified and that too is durable. Everything here is
 * idempotent: noting twice keeps the first, a plan made twice is the same plan.
 *
 * The driver's order: `note`; write `toRecord()`; `markDurable(revision)` with the revision
 * written; only then, `permitsChange`, change. To restore: for each of `restorePlan`, put back and
 * read back, `settle`, write, `markDurable`.
 */
export class Originals<Detail> {
  readonly #originals = new Map<string, Original<Detail>>();
  /** Revision that first held the key, while it is not known to be durable. */
  readonly #awaiting = new Map<string, number>();
  #revision = 0;

  constructor(record?: OriginalsRecord<Detail>) {
    for (const original of record?.originals ?? []) this.#originals.set(original.key, original);
  }

  /** Grows with every change of the record. */
  get revision(): number {
    return this.#revision;
  }

  get size(): number {
    return this.#originals.size;
  }

  get(key: string): Original<Detail> | undefined {
    return this.#originals.get(key);
  }

  /**
   * Note a setting before its first change.
   * @returns `known` where one was noted before (that one stays), `full` at 4,096 originals
   */
  note(original: Original<Detail>): 'noted' | 'known' | 'full' {
    if (this.#originals.has(original.key)) return 'known';
    if (this.#originals.size >= originalsMax) return 'full';
    this.#originals.set(original.key, original);
    this.#revision += 1;
    this.#awaiting.set(original.key, this.#revision);
    return 'noted';
  }

  /** Whether the target may be changed: its original is durable. */
  permitsChange(key: string): boolean {
    return this.#originals.has(key) && !this.#awaiting.has(key);
  }

  /** The record of this revision, or a later one, has reached the disk. */
  markDurable(revision: number): void {
    for (const [key, noted] of this.#awaiting) {
      if (noted <= revision) this.#awaiting.delete(key);
    }
  }

  toRecord(): OriginalsRecord<Detail> {
    return { version: 1, originals: [...this.#originals.values()] };
  }

  /** What has to be put back; all of it, or only what `keys` name. */
  restorePlan(keys?: readonly string[]): Restoration<Detail>[] {
    const wanted = keys === undefined ? undefined : new Set(keys);
    return [...this.#originals.values()]
      .filter(({ key }) => wanted === undefined || wanted.has(key))
      .map(({ key, size, detail }) => ({ key, size, detail }));
  }

  /**
   * A restore was read back from the target.
   * @returns false, and the original stays, where the size read is not the original
   */
  settle(restored: { key: string; size: number }): boolean {
    const original = this.#originals.get(restored.key);
    if (original === undefined) return true;
    if (original.size !== restored.size) return false;
    this.#originals.delete(restored.key);
    this.#awaiting.delete(restored.key);
    this.#revision += 1;
    return true;
  }

  /** The target itself is gone: there is nothing left to restore. */
  abandon(key: string): boolean {
    if (!this.#originals.delete(key)) return false;
    this.#awaiting.delete(key);
    this.#revision += 1;
    return true;
  }
}
