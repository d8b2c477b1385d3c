import type { TotalsRow } from './console-rows.ts';

/** Mean wait for a connection, over the transactions between the last two looks. */
export class MeanWait {
  readonly #database: string;
  #before: TotalsRow | undefined;
  #seconds = 0;

  constructor(database: string) {
    this.#database = database;
  }

  /** 0 where no transaction began. */
  get seconds(): number {
    return this.#seconds;
  }

  look(totals: readonly TotalsRow[]): void {
    const now = totals.find(({ database }) => database === this.#database);
    const before = this.#before;
    this.#before = now;
    this.#seconds = 0;
    if (now === undefined || before === undefined) return;
    const transactions = now.transactions - before.transactions;
    if (transactions <= 0 || now.waitUs < before.waitUs) return;
    this.#seconds = (now.waitUs - before.waitUs) / transactions / 1e6;
  }

  /** The counts begin anew. */
  forget(): void {
    this.#before = undefined;
    this.#seconds = 0;
  }
}
