import type { TotalsRow } from './console-rows.ts';

/** @see ProcessRun.look */
export interface RunLook {
  totals: readonly TotalsRow[];
  /** How often we have connected to the console so far. */
  connections: number;
  nowUnixMs: number;
}

/**
 * Tells one run of a PgBouncer from the next. It shows neither its process id nor when it was
 * started, but counts since then: a count that fell belongs to another process; and the count of
 * `pgbouncer` itself rises by one with each connection to the console, so after a new connection
 * of ours it must have risen. (A restart stays unseen if before it nobody had used the database
 * and fewer had come to the console than have since; what it changed is then a size set by hand.)
 */
export class ProcessRun {
  #consoles = 0;
  #transactions = 0;
  #connections = 0;
  #firstSeenMs: number | undefined;

  /** @returns whether this is another process than at the look before */
  look({ totals, connections, nowUnixMs }: RunLook): boolean {
    const isConsole = ({ database }: TotalsRow) => database === 'pgbouncer';
    const consoles = totals.find(isConsole)?.transactions ?? 0;
    const used = totals.filter((row) => !isConsole(row));
    const transactions = used.reduce((sum, row) => sum + row.transactions, 0);
    const isRisen = consoles > this.#consoles || connections === this.#connections;
    const isFallen = consoles < this.#consoles || transactions < this.#transactions;
    const isFirst = this.#firstSeenMs === undefined;
    const isOther = !isFirst && (isFallen || !isRisen);
    if (isFirst || isOther) this.#firstSeenMs = Math.floor(nowUnixMs);
    this.#consoles = consoles;
    this.#transactions = transactions;
    this.#connections = connections;
    return isOther;
  }

  /** Connections to the console at the last look. */
  get connections(): number {
    return this.#connections;
  }

  /** Name of the run; no other has it. */
  get name(): string {
    return `seen-since-${this.#firstSeenMs ?? 'never'}`;
  }
}
