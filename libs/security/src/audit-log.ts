import type { StateDirectory } from '@levitate/service-kit';
import {
  type AuditHead,
  firstOfSegment,
  headFile,
  headText,
  segmentName,
  segmentsOf,
  sequenceOfTorn,
  tornName,
} from './audit-files.ts';
import { type AuditEntry, type AuditRecord, type ChainPoint, sealLine } from './audit-record.ts';
import { type NewestOptions, newestRecords } from './newest-records.ts';
import { type AuditSegment, type AuditVerdict, verifyAudit } from './verify-audit.ts';

/**
 * What became of an entry: durable; kept in memory because the log cannot be written, to be
 * written when it can; or lost, because too many wait already (the chain will say how many were).
 */
export type AuditOutcome = 'written' | 'waiting' | 'lost';

/** @see AuditLog */
export interface AuditLogOptions {
  /** A folder of its own: every write is synced, and others would wait for that. */
  readonly directory: Pick<
    StateDirectory,
    'appendDurably' | 'names' | 'read' | 'remove' | 'writeDurably'
  >;
  /** Size at which a new file is begun, bytes. Default 4 MiB. */
  readonly segmentBytesMax?: number | undefined;
  /** Files kept; the oldest goes when there are more. At least 2, default 8. */
  readonly segmentsMax?: number | undefined;
  /** Entries that wait in memory while the log cannot be written. Default 10,000. */
  readonly waitingMax?: number | undefined;
  /** How long entries are gathered for one write, ms. Default 200. */
  readonly gatherMs?: number | undefined;
  /** After a write that failed the next is tried this much later, ms. Default 5,000. */
  readonly retryMs?: number | undefined;
  /** Wall time, for what the log itself records at its opening. */
  readonly nowUnixMs: number;
  /** A write failed; called for each that does. */
  readonly onFailure: (error: unknown) => void;
  /** A write succeeded after one that failed. */
  readonly onRecovered?: (() => void) | undefined;
}

const defaults = {
  segmentBytesMax: 4 * 1024 * 1024,
  segmentsMax: 8,
  waitingMax: 10_000,
  gatherMs: 200,
  retryMs: 5_000,
};

/** Bytes of one write: what a full queue is written in. */
const batchBytesMax = 256 * 1024;

/** An entry on its way, and who waits for it. */
interface Waiting {
  readonly entry: AuditEntry;
  readonly tell: (outcome: AuditOutcome) => void;
}

/**
 * An append-only, hash-chained record of actions: each line holds the hash of the one before it.
 * Entries are written in groups, in the order they were given, and synced; then the head file says
 * how far the chain has come, so that a tail that was cut off shows. The oldest file goes when
 * there are too many, and its last hash stays as the chain's anchor.
 *
 * `append` never fails and never blocks: it is for the caller to say whether control goes on while
 * the log cannot be written. What was damaged is never repaired: the chain goes on behind it, says
 * that it was found, and `verify` goes on telling.
 */
export class AuditLog {
  readonly #options: AuditLogOptions & typeof defaults;
  /**
   * What was found when it was opened. A last line that a crash had torn is no fault here: it is
   * set aside, and `torn` holds it.
   */
  readonly found: AuditVerdict;
  readonly #segments: AuditSegment[];
  #stored: AuditHead;
  readonly #waiting: Waiting[] = [];
  #lost = 0;
  #running: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isFailing = false;
  #isClosing = false;

  private constructor(options: AuditLogOptions, found: AuditVerdict) {
    this.#options = { ...defaults, ...given(options) };
    const faults = found.faults.filter(({ kind }) => kind !== 'torn');
    this.found = { ...found, faults, isSound: faults.length === 0 };
    this.#segments = [...found.segments];
    this.#stored = { anchor: found.anchor, head: headOf(found) };
  }

  /**
   * Reads the chain that is there, all of it, and makes it ready to go on. A line that a crash has
   * torn is set aside in a file of its own, and the chain says so.
   * @throws {StateDirectoryError} when it cannot be read, or the torn line not be set aside
   */
  static async open(options: AuditLogOptions): Promise<AuditLog> {
    const { directory } = options;
    const found = await verifyAudit(directory);
    const log = new AuditLog(options, found);
    if (found.torn !== undefined) {
      await directory.writeDurably(tornName(log.head.sequence + 1), found.torn);
    }
    for (const entry of log.#openingEntries()) void log.append(entry);
    return log;
  }

  /** The newest durable record. Told elsewhere from time to time, it proves what was there. */
  get head(): ChainPoint {
    return this.#stored.head;
  }

  /** Whether the newest write succeeded: where not, entries wait in memory. */
  get isWritable(): boolean {
    return !this.#isFailing;
  }

  /** Entries that are not durable yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Adds an entry. @returns what became of it, once that is known */
  append(entry: AuditEntry): Promise<AuditOutcome> {
    const { waitingMax } = this.#options;
    if (this.#waiting.length >= waitingMax) {
      this.#lost += 1;
      return Promise.resolve('lost');
    }
    if (this.#lost > 0) {
      this.#waiting.push({ entry: lostEntry(this.#lost, entry.timeUnixMs), tell: () => {} });
      this.#lost = 0;
    }
    const outcome = new Promise<AuditOutcome>((tell) => this.#waiting.push({ entry, tell }));
    if (this.#retry !== undefined) return Promise.resolve('waiting');
    this.#run();
    return outcome;
  }

  /** The newest durable records, newest first. */
  newest(options: NewestOptions): Promise<AuditRecord[]> {
    return newestRecords(this.#options.directory, options);
  }

  /** Looks at the whole chain again. */
  verify(options: { known?: ChainPoint | undefined } = {}): Promise<AuditVerdict> {
    return verifyAudit(this.#options.directory, options);
  }

  /** Writes what waits, once; entries that cannot be written are told to `onFailure`. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#retry);
    await this.#running;
    if (this.#waiting.length > 0) await this.#drain();
  }

  #run(): void {
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
      const isLeft = this.#waiting.length > 0 && this.#retry === undefined;
      if (isLeft && !this.#isClosing) this.#run();
    });
  }

  #runLater(): void {
    if (this.#isClosing) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#run();
    }, this.#options.retryMs);
    this.#retry.unref();
  }

  /** Writes until nothing waits, or a write fails. */
  async #drain(): Promise<void> {
    const { gatherMs, onFailure, onRecovered } = this.#options;
    while (this.#waiting.length > 0) {
      if (gatherMs > 0 && !this.#isClosing) await gathered(gatherMs);
      try {
        const written = await this.#write();
        for (const { tell } of this.#waiting.splice(0, written)) tell('written');
        await this.#dropOldest();
      } catch (error) {
        this.#isFailing = true;
        this.#runLater();
        for (const { tell } of this.#waiting) tell('waiting');
        onFailure(error);
        return;
      }
      if (this.#isFailing) onRecovered?.();
      this.#isFailing = false;
    }
  }

  /**
   * One write: as many entries as fit, and the head after them. Both or none: after a failure the
   * same lines are written to the same place again.
   * @returns how many entries are durable now
   */
  async #write(): Promise<number> {
    const { directory, segmentBytesMax } = this.#options;
    let head: ChainPoint = this.head;
    let count = 0;
    let text = '';
    for (const { entry } of this.#waiting) {
      if (text.length >= batchBytesMax) break;
      const sealed = sealLine(entry, head);
      text += `${sealed.line}\n`;
      head = sealed;
      count += 1;
    }
    const bytes = Buffer.from(text);
    const current = this.#segments.at(-1);
    const isFull = (current?.bytes ?? 0) + bytes.length > segmentBytesMax;
    const first = this.head.sequence + 1;
    // Behind damage a number may come again: a file that is there is never begun anew.
    const isNew = current === undefined || (isFull && first > (firstOfSegment(current.name) ?? 0));
    const name = isNew ? segmentName(first) : current.name;
    const offset = isNew ? 0 : current.bytes;
    // A crash right after a chain's first write must not look as if its head had been deleted.
    if (current === undefined) await directory.writeDurably(headFile, headText(this.#stored));
    await directory.appendDurably(name, bytes, offset);
    const stored = { anchor: this.#stored.anchor, head };
    await directory.writeDurably(headFile, headText(stored));
    this.#stored = stored;
    if (!isNew) this.#segments.pop();
    this.#segments.push({ name, bytes: offset + bytes.length, last: head });
    return count;
  }

  /** The anchor first: a crash in between leaves a file too many, never a chain without a begin. */
  async #dropOldest(): Promise<void> {
    const { directory, segmentsMax } = this.#options;
    while (this.#segments.length > Math.max(2, segmentsMax)) {
      const [oldest] = this.#segments as [AuditSegment, ...AuditSegment[]];
      const stored = { anchor: oldest.last, head: this.head };
      await directory.writeDurably(headFile, headText(stored));
      this.#stored = stored;
      this.#segments.shift();
      await this.#removeBefore(oldest.last);
    }
  }

  async #removeBefore(anchor: ChainPoint): Promise<void> {
    const { directory } = this.#options;
    const names = await directory.names();
    const kept = new Set(segmentsOf(names, anchor));
    for (const name of names) {
      const isOldSegment = firstOfSegment(name) !== undefined && !kept.has(name);
      const isOldTorn = (sequenceOfTorn(name) ?? Number.POSITIVE_INFINITY) <= anchor.sequence;
      if (isOldSegment || isOldTorn) await directory.remove(name);
    }
  }

  /** What the opening found, for the chain itself. */
  *#openingEntries(): Generator<AuditEntry> {
    const { found } = this;
    const own = { timeUnixMs: this.#options.nowUnixMs, actor: 'audit-log', target: '' };
    if (found.torn !== undefined) {
      yield {
        ...own,
        action: 'torn-line-set-aside',
        cause: `the last line had no end; its bytes are in ${tornName(this.head.sequence + 1)}`,
        before: found.torn.length,
        outcome: 'kept',
      };
    }
    const [first] = found.faults;
    if (first === undefined) return;
    yield {
      ...own,
      action: 'faults-found',
      cause: `${first.file}${first.line === undefined ? '' : ` line ${first.line}`}: ${first.text}`,
      before: found.faults.length + found.faultsMore,
      outcome: 'left as it is',
    };
  }
}

/** A chain whose end was cut off goes on behind what is gone, so that the gap stays to be seen. */
function headOf({ head, last }: AuditVerdict): ChainPoint {
  return head !== undefined && head.sequence >= last.sequence ? head : last;
}

function lostEntry(count: number, timeUnixMs: number): AuditEntry {
  return {
    timeUnixMs,
    actor: 'audit-log',
    action: 'entries-lost',
    target: '',
    cause: 'the log could not be written, and no more entries fit in memory',
    before: count,
    outcome: 'lost',
  };
}

/** Options that were given: one that is `undefined` leaves its default. */
function given(options: AuditLogOptions): AuditLogOptions & typeof defaults {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as AuditLogOptions & typeof defaults;
}

function gathered(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
