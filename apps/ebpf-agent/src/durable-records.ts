import type { LeaseRecord, Original, OriginalsRecord } from '@levitate/control';
import { actuatorKinds, type Target } from './actuators/target.ts';
import { AgentError } from './errors.ts';
import type { QueueIdentity } from './kernel.ts';

/** File of the originals: JSON, replaced as a whole, at most 4,096 entries. Never delete it. */
export const ORIGINALS_FILE = 'originals.json';
/** File of the fencing tokens: JSON, one entry for each link. Deleting it forgets old holders. */
export const LEASES_FILE = 'leases.json';

/** Version in which originals are written; 1 knew qdiscs only and is read too. */
const ORIGINALS_VERSION = 2;

/** What an original is found by. */
export interface OriginalDetail {
  link: string;
  target: Target;
}

/** Detail of version 1: every original was that of a qdisc that counts bytes. */
interface OriginalDetailV1 {
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
  const record = await readRecord(store, ORIGINALS_FILE, ORIGINALS_VERSION);
  if (record === undefined) return { version: 1, originals: [] };
  const entries = Array.isArray(record.originals) ? record.originals : [undefined];
  const originals = entries.map((entry) => originalOf(entry, record.version));
  return { version: 1, originals };
}

/** The text that is written for originals. @see readOriginals */
export function originalsText({ originals }: OriginalsRecord<OriginalDetail>): string {
  return JSON.stringify({ version: ORIGINALS_VERSION, originals });
}

/** The fencing tokens on disk. @throws AgentError `ORIGINALS_UNREADABLE` */
export async function readLeases(store: DurableStore): Promise<LeasesRecord> {
  const record = await readRecord(store, LEASES_FILE, 1);
  if (record === undefined) return { version: 1, leases: {} };
  const { leases } = record;
  const isWhole =
    typeof leases === 'object' &&
    leases !== null &&
    Object.values(leases).every((one: Partial<LeaseRecord> | null) =>
      Number.isSafeInteger(one?.highestToken),
    );
  if (!isWhole) throw unreadable(LEASES_FILE, 'an entry is not whole');
  return { version: 1, leases: leases as LeasesRecord['leases'] };
}

function originalOf(entry: unknown, version: number): Original<OriginalDetail> {
  const one = (entry ?? {}) as Partial<Original<Partial<OriginalDetail & OriginalDetailV1>>>;
  const { key, size, detail } = one;
  const target =
    version === 1 && typeof detail?.identity?.interface === 'string'
      ? ({ actuator: 'qdisc', identity: detail.identity, bytesPerUnit: 1 } as const)
      : detail?.target;
  if (
    typeof key === 'string' &&
    typeof size === 'number' &&
    Number.isFinite(size) &&
    typeof detail?.link === 'string' &&
    target !== undefined &&
    actuatorKinds.includes(target.actuator)
  ) {
    const { recordedUnixMs = 0 } = one;
    return { key, size, recordedUnixMs, detail: { link: detail.link, target } };
  }
  throw unreadable(ORIGINALS_FILE, 'an entry is not whole');
}

async function readRecord(
  store: DurableStore,
  name: string,
  versionMax: number,
): Promise<({ version: number } & Record<string, unknown>) | undefined> {
  const bytes = await store.read(name);
  if (bytes === undefined) return undefined;
  let record: ({ version: number } & Record<string, unknown>) | null;
  try {
    record = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw unreadable(name, 'it is not JSON', cause);
  }
  const version = record?.version ?? Number.NaN;
  const isKnown = Number.isInteger(version) && version >= 1 && version <= versionMax;
  if (record !== null && isKnown) return record;
  const known = versionMax === 1 ? '1' : `1 to ${versionMax}`;
  throw unreadable(name, `its version is ${String(record?.version)}, this release knows ${known}`);
}

function unreadable(name: string, why: string, cause?: unknown): AgentError {
  const next =
    'compare the limits it names with `tc qdisc show`, put them right by hand, then move it away';
  const message = `the durable record ${name} cannot be read: ${why}. Next: ${next}`;
  return new AgentError({ code: 'ORIGINALS_UNREADABLE', message, cause });
}
