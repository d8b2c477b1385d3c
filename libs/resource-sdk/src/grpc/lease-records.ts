import type { LeaseRecord } from '@levitate/control';
import type { StateDirectory } from '@levitate/service-kit';
import { ResourceRefusal } from './resource-refusal.ts';

/** What of a lease survives its server. */
export interface KeptLease extends LeaseRecord {
  /** Length of the lease when it was granted last, ms; 0: it was given up, or has lapsed. */
  ttlMs: number;
}

/** Where the leases of a server's resources are kept. */
export interface LeaseRecords {
  /** Undefined: nobody has had it. */
  read(name: string): Promise<KeptLease | undefined>;
  /** Resolves once it would survive what the records promise to survive. */
  write(name: string, lease: KeptLease): Promise<void>;
}

/** For resources that end with their server. */
export class LeasesInMemory implements LeaseRecords {
  readonly #leases = new Map<string, KeptLease>();

  async read(name: string): Promise<KeptLease | undefined> {
    return this.#leases.get(name);
  }

  async write(name: string, lease: KeptLease): Promise<void> {
    this.#leases.set(name, lease);
  }
}

/** For resources that outlive their server: without the token an old holder could come back. */
export class LeasesOnDisk implements LeaseRecords {
  readonly #directory: StateDirectory;

  constructor(directory: StateDirectory) {
    this.#directory = directory;
  }

  /** @throws StateDirectoryError, ResourceRefusal `RECORD_UNREADABLE` */
  async read(name: string): Promise<KeptLease | undefined> {
    const bytes = await this.#directory.read(fileOf(name));
    return bytes && leaseOf(name, bytes.toString());
  }

  /** @throws StateDirectoryError */
  async write(name: string, lease: KeptLease): Promise<void> {
    await this.#directory.writeDurably(fileOf(name), `${JSON.stringify(lease)}\n`);
  }
}

function fileOf(name: string): string {
  return `lease-${name}`;
}

/** Better no control than an old holder beside a new one: what is not whole is refused. */
function leaseOf(name: string, text: string): KeptLease {
  try {
    const { highestToken, holder, ttlMs } = JSON.parse(text) as KeptLease;
    const isHolder = holder === undefined || typeof holder === 'string';
    if (isHolder && Number.isSafeInteger(highestToken) && Number.isFinite(ttlMs)) {
      return { highestToken, holder, ttlMs };
    }
  } catch {
    // Not JSON: told below.
  }
  const next = 'stop every controller of it, put its size right by hand, then delete the file';
  const message = `the record ${fileOf(name)} cannot be read: it is not whole. Next: ${next}`;
  throw new ResourceRefusal({ code: 'RECORD_UNREADABLE', message });
}
