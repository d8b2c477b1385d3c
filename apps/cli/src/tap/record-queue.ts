import assert from 'node:assert';
import { Losses } from '../live/losses.ts';
import type { TapRecord } from './tap-record.ts';

/** What the writer gets at once: what was lost before the records, then the records. */
export interface Turn {
  readonly losses: ReturnType<Losses['take']>;
  readonly records: readonly TapRecord[];
}

/**
 * Between streams that never wait and a pipe of any speed: at most `capacity` records. Beyond that
 * the oldest goes and is counted, so that a slow reader sees the newest and knows what it missed.
 */
export class RecordQueue {
  readonly capacity: number;
  readonly losses = new Losses();
  #records: TapRecord[] = [];
  /** Records before it were dropped; they are cut off in one go, since shifting costs each time. */
  #first = 0;
  #isEnded = false;
  #wake: (() => void) | undefined;

  /** @param capacity records held at most, at least 1 */
  constructor(capacity: number) {
    assert(capacity >= 1, `capacity must be at least 1, was ${capacity}`);
    this.capacity = capacity;
  }

  /** Takes a record, never waits. */
  push(record: TapRecord): void {
    if (this.#isEnded) return;
    if (this.#waiting >= this.capacity) {
      this.#first += 1;
      this.losses.add('here', 1);
    }
    this.#records.push(record);
    if (this.#first >= this.capacity) this.#cut();
    this.#wake?.();
  }

  /** No more records come; the reader still gets those that wait. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** No more records are wanted; those that wait are counted as lost. */
  drop(): void {
    this.losses.add('here', this.#waiting);
    this.#cut(this.#records.length);
    this.end();
  }

  /** The next turn; `undefined` after the end. A loss alone is told with the next record. */
  async take(): Promise<Turn | undefined> {
    while (this.#records.length === 0 && !this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    this.#cut();
    const records = this.#records;
    this.#records = [];
    const losses = this.losses.take();
    return records.length === 0 && losses.length === 0 ? undefined : { losses, records };
  }

  get #waiting(): number {
    return this.#records.length - this.#first;
  }

  #cut(count = this.#first): void {
    this.#records = this.#records.slice(count);
    this.#first = 0;
  }
}
