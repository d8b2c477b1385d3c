import type { LeaseRecord, OriginalsRecord } from '@levitate/control';
import { AgentError } from './errors.ts';
import type { QueueIdentity } from './kernel.ts';

/** File of the originals: JSON, replaced as a whole, at most 4,096 entries. Never delete it. */
export const ORIGINALS_FILE = 'originals.json';
/** File of the fencing tokens: JSON, one entry for each link. Deleting it forgets old holders. */
export const LEASES_FILE = 'leases.json';

/** What an original is found by. */
export interface OriginalDetail {
  link: string;
  identity: QueueIdentity;
}

/** Fencing tokens by link. */
export interface LeasesRecord {
  version: 1;
  leases: Record<string, LeaseRecord>;
}

/** The part of a state directory that the records need. */
export interface DurableStore {
  read(name: string): Promise<Uint8Array | undefined>;
  writeDurably(name: string, bytes: string): Promise<void>;
}

/** Records of simulated queues: they end with the process, so no disk is touched. */
export class MemoryStore implements DurableStore {
  readonly #files = new Map<string, string>();

  async read(name: string): Promise<Uint8Array | undefined> {
    const text = this.#files.get(name);
    return text === undefined ? undefined : Buffer.from(text);
  }

  async writeDurably(name: string, bytes: string): Promise<void> {
    this.#files.set(name, bytes);
  }
}

/**
 * The originals on disk, none where there is no file.
 * @throws AgentError `ORIGINALS_UNREADABLE`: better no control than an original that is lost
 */
export async function readOriginals(store: DurableStore): Promise<OriginalsRecord<OriginalDetail>> {
  const record = await readRecord<OriginalsRecord<OriginalDetail>>(store, ORIGINALS_FILE);
  if (record === undefined) return { version: 1, originals: [] };
  const isWhole =
    Array.isArray(record.originals) &&
    record.originals.every(
      (one) =>
        typeof one?.key === 'string' &&
        Number.isFinite(one.size) &&
        typeof one.detail?.link === 'string' &&
        typeof one.detail.identity?.interface === 'string',
    );
  if (!isWhole) throw unreadable(ORIGINALS_FILE, 'an entry is not whole');
  return record;
}

/** The fencing tokens on disk. @throws AgentError `ORIGINALS_UNREADABLE` */
export async function readLeases(store: DurableStore): Promise<LeasesRecord> {
  const record = await readRecord<LeasesRecord>(store, LEASES_FILE);
  if (record === undefined) return { version: 1, leases: {} };
  const isWhole =
    typeof record.leases === 'object' &&
    record.leases !== null &&
    Object.values(record.leases).every((one) => Number.isSafeInteger(one?.highestToken));
  if (!isWhole) throw unreadable(LEASES_FILE, 'an entry is not whole');
  return record;
}

async function readRecord<T extends { version: 1 }>(
  store: DurableStore,
  name: string,
): Promise<T | undefined> {
  const bytes = await store.read(name);
  if (bytes === undefined) return undefined;
  let record: T;
  try {
    record = JSON.parse(Buffer.from(bytes).toString('utf8')) as T;
  } catch (cause) {
    throw unreadable(name, 'it is not JSON', cause);
  }
  if (record?.version === 1) return record;
  throw unreadable(name, `its version is ${String(record?.version)}, this release knows 1`);
}

function unreadable(name: string, why: string, cause?: unknown): AgentError {
  const next =
    'compare the limits it names with `tc qdisc show`, put them right by hand, then move it away';
  const message = `the durable record ${name} cannot be read: ${why}. Next: ${next}`;
  return new AgentError({ code: 'ORIGINALS_UNREADABLE', message, cause });
}
