import { Originals } from '@levitate/control';
import {
  type DurableStore,
  ORIGINALS_FILE,
  type OriginalDetail,
  readOriginals,
} from './durable-records.ts';
import type { QueueIdentity, RestoreOutcome } from './kernel.ts';
import { restoreQueue } from './restore-queue.ts';

/** What became of one original. `failed` ones stay recorded and are tried again. */
export interface Restored {
  link: string;
  limitBytes: number;
  outcome: RestoreOutcome | 'failed';
  /** Why it failed. */
  error?: unknown;
}

/** How originals are put back. */
export interface RestoreOptions {
  originals: Originals<OriginalDetail>;
  /** Only these keys; default all. */
  keys?: readonly string[] | undefined;
  restore: (identity: QueueIdentity, limitBytes: number) => RestoreOutcome;
}

/** Put originals back and strike those that are settled from the record in memory. */
export function restoreOriginals({ originals, keys, restore }: RestoreOptions): Restored[] {
  return originals.restorePlan(keys).map(({ key, size, detail }) => {
    const base = { link: detail.link, limitBytes: size };
    try {
      const outcome = restore(detail.identity, size);
      if (outcome === 'restored') originals.settle({ key, size });
      else originals.abandon(key);
      return { ...base, outcome };
    } catch (error) {
      return { ...base, outcome: 'failed', error };
    }
  });
}

/**
 * Put back everything that a store records, on the real kernel, with no service running. A second
 * call does nothing.
 * @throws AgentError `ORIGINALS_UNREADABLE`
 */
export async function restoreRecorded(store: DurableStore): Promise<Restored[]> {
  const record = await readOriginals(store);
  if (record.originals.length === 0) return [];
  const originals = new Originals<OriginalDetail>(record);
  const restored = restoreOriginals({ originals, restore: restoreQueue });
  await store.writeDurably(ORIGINALS_FILE, JSON.stringify(originals.toRecord()));
  return restored;
}
