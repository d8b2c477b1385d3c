import type { TotalsRow } from './console-rows.ts';

/** Mean wait for a connection, over the transactions since the look before. */
export class MeanWait {
  readonly #database: string;
  #before: TotalsRow | undefined;

  constructor(database: string) {
    this.#database = database;
  }

  /** @returns seconds; 0 where no transaction began */
  take(totals: readonly TotalsRow[]): number {
    const now = totals.find(({ database }) => database === this.#database);
    const before = this.#before;
    this.#before = now;
    if (now === undefined || before === undefined) return 0;
    const transactions = now.transactions - before.transactions;
    if (transactions <= 0 || now.waitUs < before.waitUs) return 0;
    return (now.waitUs - before.waitUs) / transactions / 1e6;
  }

  /** The counts begin anew. */
  forget(): void {
    this.#before = undefined;
  }
}
