import { setTimeout as delay } from 'node:timers/promises';
import type { fsuController } from '@levitate/contracts';
import type { StateDirectory } from '@levitate/service-kit';

/** A decision with everything it rested on. */
export interface LoggedDecision {
  tick: fsuController.TickInit & { decision: fsuController.Decision };
  target: fsuController.TargetInit;
}

/** Files kept beside the one in use. */
const olderFiles = 2;
const fileName = 'decisions.jsonl';

/** @see DecisionLog */
export interface DecisionLogOptions {
  directory: Pick<StateDirectory, 'appendLines' | 'read'>;
  /** Decisions kept in memory; older ones are in the files only. As many wait for the file. */
  memoryMax: number;
  /** Size at which the file is set aside, bytes. */
  fileBytesMax: number;
  /** How long decisions are gathered for one write, ms. Default 1,000. */
  gatherMs?: number | undefined;
  /** @param decisions so many are in no file */
  onFailure: (error: unknown, decisions: number) => void;
}

/**
 * Decisions, newest in memory and all of the recent ones in a file: one JSON line each, bounded,
 * read back at start. Identifiers only grow, restarts included. Those of a second are written
 * together: twenty decisions a second, each opening the file, were a fifth of what the controller
 * cost. A process that is killed loses that second.
 */
export class DecisionLog {
  readonly #options: DecisionLogOptions;
  readonly #entries: LoggedDecision[] = [];
  #nextId = 1;
  /** Lines that are not in the file yet, and the write that will take them. */
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;
  #written: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  private constructor(options: DecisionLogOptions) {
    this.#options = options;
  }

  /** Opens the log and reads what an earlier run left; a line that is damaged is skipped. */
  static async open(options: DecisionLogOptions): Promise<DecisionLog> {
    const log = new DecisionLog(options);
    for (const name of [`${fileName}.1`, fileName]) {
      const bytes = await options.directory.read(name);
      for (const line of bytes?.toString('utf8').split('\n') ?? []) log.#recall(line);
    }
    return log;
  }

  get oldestId(): number {
    return this.#entries[0]?.tick.decision.id ?? 0;
  }

  get newestId(): number {
    return this.#nextId - 1;
  }

  /** Takes a decision into memory and gives it its identifier. */
  add(entry: LoggedDecision): void {
    entry.tick.decision.id = this.#nextId;
    this.#nextId += 1;
    this.#keep(entry);
  }

  /**
   * Writes a decision to the file; call it when nothing about it will change any more.
   * @returns once it is there, or `onFailure` was told
   */
  save(entry: LoggedDecision): Promise<void> {
    const { memoryMax, onFailure } = this.#options;
    if (this.#waiting.length >= memoryMax) {
      onFailure(new Error(`${memoryMax} decisions wait for a file that takes none`), 1);
      return Promise.resolve();
    }
    this.#waiting.push(JSON.stringify(entry));
    this.#writing ??= this.#write();
    return this.#writing;
  }

  /** Writes what waits. Decisions saved later are written without being gathered. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writing;
    await this.#written;
  }

  find(id: number): LoggedDecision | undefined {
    return this.#entries.find((entry) => entry.tick.decision.id === id);
  }

  /** Newest first. @param of.target empty: of all targets */
  list(of: { target: string; limit: number }): fsuController.Decision[] {
    return this.#entries
      .filter(({ tick }) => of.target === '' || tick.target === of.target)
      .slice(-of.limit)
      .reverse()
      .map(({ tick }) => tick.decision);
  }

  /** One write at a time: what comes meanwhile is the next one's. */
  async #write(): Promise<void> {
    const { directory, fileBytesMax, gatherMs = 1_000, onFailure } = this.#options;
    const { signal } = this.#closing;
    await Promise.all([this.#written, delay(gatherMs, undefined, { signal }).catch(() => {})]);
    const lines = this.#waiting;
    this.#waiting = [];
    this.#writing = undefined;
    const bounds = { bytesMax: fileBytesMax, keep: olderFiles };
    this.#written = directory
      .appendLines(fileName, lines, bounds)
      .catch((error) => onFailure(error, lines.length));
    await this.#written;
  }

  #keep(entry: LoggedDecision): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#options.memoryMax) this.#entries.shift();
  }

  #recall(line: string): void {
    const entry = parsed(line);
    if (entry === undefined) return;
    this.#keep(entry);
    this.#nextId = Math.max(this.#nextId, entry.tick.decision.id + 1);
  }
}

function parsed(line: string): LoggedDecision | undefined {
  try {
    const entry = JSON.parse(line) as LoggedDecision;
    return Number.isSafeInteger(entry.tick.decision.id) ? entry : undefined;
  } catch {
    return undefined;
  }
}
