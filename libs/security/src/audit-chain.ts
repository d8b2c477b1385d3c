import { headFile } from './audit-files.ts';
import { type AuditRecord, type ChainPoint, openLine } from './audit-record.ts';

/** What may be wrong with a chain; closed set. */
export type AuditFaultKind =
  /** A line whose bytes do not fit its hash: altered, or put in. */
  | 'altered'
  /** Records that should stand before this line and do not. */
  | 'missing'
  /** A record that stands where another belongs: moved, doubled or put in. */
  | 'out-of-place'
  /** A sound record that does not follow the one before: one of both was replaced. */
  | 'unlinked'
  /** The last line has no end: a crash in mid-write, or cut off. */
  | 'torn'
  /** Records that were there, by the head or the anchor, and are gone from the end. */
  | 'truncated'
  /** The record at a known place is another than it was: the chain was written anew. */
  | 'rewritten'
  /** The head file is missing, or not what the log writes. */
  | 'head-unreadable';

/** One thing that is wrong, and where. */
export interface AuditFault {
  readonly kind: AuditFaultKind;
  /** File, as it is named in the folder. */
  readonly file: string;
  /** Line of the file, from 1; left out where it is about the file as a whole. */
  readonly line?: number | undefined;
  /** Number of the record it is about, where that is known. */
  readonly sequence?: number | undefined;
  /** In a sentence. */
  readonly text: string;
}

/**
 * Follows a chain line by line and notes what does not fit. A fault does not end it: what stands
 * behind an altered line is still checked, so that the report names each place. Pure.
 */
export class ChainCheck {
  readonly faults: AuditFault[] = [];
  /** Faults beyond those that are kept. */
  faultsMore = 0;
  records = 0;
  /** The newest record that is sound in itself. */
  last: AuditRecord | undefined;
  readonly #known: ReadonlyMap<number, string>;
  readonly #faultsMax: number;
  #file = '';
  #line = 0;
  /** Number the next record should have, and what it should follow; `undefined`: not known. */
  #next: number;
  #previous: string | undefined;
  /** Lines since the last sound record that could not be read: each may have been a record. */
  #unreadable = 0;

  /**
   * @param options.from the place before the first record
   * @param options.known places at which the hash is known from elsewhere
   * @param options.faultsMax faults that are kept; the others are counted. Default 100
   */
  constructor(options: {
    from: ChainPoint;
    known?: readonly ChainPoint[] | undefined;
    faultsMax?: number | undefined;
  }) {
    this.#next = options.from.sequence + 1;
    this.#previous = options.from.hash;
    this.#faultsMax = options.faultsMax ?? 100;
    this.#known = new Map(options.known?.map(({ sequence, hash }) => [sequence, hash]));
    this.#compare(options.from, headFile);
  }

  /**
   * The lines of one file, whole; what comes after the last newline is a torn line. It rests every
   * 200 lines (2 ms), so that whoever drives it can let others run.
   */
  *file(name: string, bytes: Buffer, isLast: boolean): Generator<void> {
    this.#file = name;
    this.#line = 0;
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      this.#line += 1;
      this.#take(bytes.subarray(start, end));
      start = end + 1;
      if (this.#line % 200 === 0) yield;
    }
    if (start === bytes.length) return;
    this.#line += 1;
    const torn = `${bytes.length - start} bytes without an end of line`;
    if (isLast) this.#here({ kind: 'torn', text: `${torn}: torn by a crash, or cut off` });
    else this.#unread(`${torn} within the chain`);
  }

  /** Call after the last file: is everything there that was known to be? */
  end(file: string): void {
    const first = this.#next + this.#unreadable;
    for (const sequence of this.#known.keys()) {
      if (sequence < first) continue;
      const text = `${rangeText(first, sequence)} gone from the end`;
      this.fault({ kind: 'truncated', file, sequence: first, text });
    }
  }

  /** Note a fault; it is kept while there is room. */
  fault(fault: AuditFault): void {
    if (this.faults.length < this.#faultsMax) this.faults.push(fault);
    else this.faultsMore += 1;
  }

  #take(line: Buffer): void {
    const record = openLine(line);
    if (record === undefined) {
      this.#unread('its bytes do not fit its hash: altered, or put in');
      return;
    }
    this.records += 1;
    this.#place(record);
  }

  #unread(text: string): void {
    this.#unreadable += 1;
    const sequence = this.#next + this.#unreadable - 1;
    this.#here({ kind: 'altered', sequence, text: `record ${sequence} belongs here; ${text}` });
  }

  #place(record: AuditRecord): void {
    const { sequence, previous, hash } = record;
    const expected = this.#next;
    if (sequence < expected) {
      const text = `record ${sequence} stands after ${expected - 1}: moved, doubled or put in`;
      this.#here({ kind: 'out-of-place', sequence, text });
      return;
    }
    if (sequence > expected + this.#unreadable) {
      const first = expected + this.#unreadable;
      const text = `${rangeText(first, sequence - 1)} missing before record ${sequence}`;
      this.#here({ kind: 'missing', sequence: first, text });
    } else if (sequence === expected && this.#previous !== undefined) {
      if (previous !== this.#previous) this.#unlinked(sequence);
    }
    this.#compare(record, this.#file, this.#line);
    this.#next = sequence + 1;
    this.#previous = hash;
    this.#unreadable = 0;
    this.last = record;
  }

  #compare({ sequence, hash }: ChainPoint, file: string, line?: number): void {
    const known = this.#known.get(sequence);
    if (known === undefined || known === hash) return;
    const text = `record ${sequence} is another than the one that was known by its hash`;
    this.fault({ kind: 'rewritten', file, line, sequence, text });
  }

  #unlinked(sequence: number): void {
    const text = `record ${sequence} does not follow the one before it: one of both was replaced`;
    this.#here({ kind: 'unlinked', sequence, text });
  }

  #here(fault: Pick<AuditFault, 'kind' | 'sequence' | 'text'>): void {
    this.fault({ file: this.#file, line: this.#line, ...fault });
  }
}

function rangeText(first: number, last: number): string {
  return first === last ? `record ${first} is` : `records ${first} to ${last} are`;
}
