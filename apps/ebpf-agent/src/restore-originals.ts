import { Originals } from '@levitate/control';
import { restoreTarget } from './actuators/restore-target.ts';
import { type ActuatorKind, bytesPerUnit, type Target } from './actuators/target.ts';
import {
  type DurableStore,
  ORIGINALS_FILE,
  type OriginalDetail,
  originalsText,
  readOriginals,
} from './durable-records.ts';
import type { RestoreOutcome } from './kernel.ts';

/** What became of one original. `failed` ones stay recorded and are tried again. */
export interface Restored {
  link: string;
  actuator: ActuatorKind;
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
  /** @param size in the target's own unit */
  restore: (target: Target, size: number) => RestoreOutcome;
}

/** Put originals back and strike those that are settled from the record in memory. */
export function restoreOriginals({ originals, keys, restore }: RestoreOptions): Restored[] {
  return originals.restorePlan(keys).map(({ key, size, detail: { link, target } }) => {
    const limitBytes = size * bytesPerUnit(target);
    const restored = { link, actuator: target.actuator, limitBytes };
    try {
      const outcome = restore(target, size);
      if (outcome === 'restored') originals.settle({ key, size });
      else originals.abandon(key);
      return { ...restored, outcome };
    } catch (error) {
      return { ...restored, outcome: 'failed', error };
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
  const restored = restoreOriginals({ originals, restore: restoreTarget });
  await store.writeDurably(ORIGINALS_FILE, originalsText(originals.toRecord()));
  return restored;
}
