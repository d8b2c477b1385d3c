import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FileLock } from '@levitate/kernel';
import { type NotedOriginal, type OriginalStore, originalOf } from '@levitate/resource-sdk';
import { replaceDurably } from '@levitate/service-kit';
import { acquireLease, isNewest, type LeaseRecord, released, renewLease } from './lease-record.ts';
import {
  type AcquireOutcome,
  heldClaim,
  type LeaseClaim,
  type LeaseStore,
  LeaseStoreError,
  type LeaseWish,
  originalRefused,
  type RenewOutcome,
} from './lease-store.ts';
import { fileNameOf } from './target-file-name.ts';

/** @see FileLeaseStore */
export interface FileLeaseStoreOptions {
  /** On a local disk of the host whose controllers share it; made if need be. */
  directory: string;
  /** Time since boot, the same for every process of the host, ms; default the kernel's. */
  hostMs?: (() => number) | undefined;
}

/** A record as it lies in its file. */
interface StoredLease extends LeaseRecord {
  /** Name of the lock that ends with the holder's process. */
  process: string;
  /** The boot in which `untilMs` counts. */
  boot: string;
}

/** By the name of the resource. */
type Originals = Map<string, NotedOriginal>;

/** How long a look waits for another process's, ms; a look takes one or two writes of a disk. */
const turnMs = 1_000;
const turnRetryMs = 5;
const processLock = /^process-[\w-]+\.alive$/;

/**
 * Leases between the controllers of one host, as files in a folder. Each look at a target is under
 * a lock of the kernel, which ends with its process, so that two never both take it. Tokens and
 * originals are on disk before an answer is given, through a power cut. Time is that since boot:
 * the clock on the wall may step. The lease of a process that has died is free at once, that of one
 * that hangs when its time is up.
 */
export class FileLeaseStore implements LeaseStore {
  readonly #directory: string;
  readonly #hostMs: () => number;
  readonly #boot: string;
  readonly #process: { name: string; lock: FileLock };

  private constructor(parts: {
    directory: string;
    hostMs: () => number;
    boot: string;
    process: { name: string; lock: FileLock };
  }) {
    this.#directory = parts.directory;
    this.#hostMs = parts.hostMs;
    this.#boot = parts.boot;
    this.#process = parts.process;
  }

  /** @throws {LeaseStoreError} `misconfigured`: no such folder can be had here */
  static async open(options: FileLeaseStoreOptions): Promise<FileLeaseStore> {
    const { directory, hostMs = sinceBootMs } = options;
    try {
      const name = `process-${randomUUID()}.alive`;
      const taken = FileLock.take(join(directory, name), `${process.pid}`);
      if (taken.kind === 'held') throw new Error(`${name} is of another process`);
      const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
      const own = { name, lock: taken.lock };
      const store = new FileLeaseStore({ directory, hostMs, boot: boot.trim(), process: own });
      for (const other of await readdir(directory)) {
        if (processLock.test(other) && other !== name) store.#isAlive(other);
      }
      return store;
    } catch (cause) {
      const message = `leases cannot be kept in ${directory}: ${reasonOf(cause)}`;
      throw new LeaseStoreError('misconfigured', message, cause);
    }
  }

  acquire(wish: LeaseWish): Promise<AcquireOutcome> {
    return this.#answered(wish.target, async () => {
      const known = await this.#known(wish.target);
      const { outcome, record } = acquireLease(known, { ...wish, nowMs: this.#hostMs() });
      if (record !== undefined) {
        // Before the lease: a token that nobody got is missed by nobody.
        await replaceDurably(this.#file(wish.target, 'token'), `${record.token}\n`);
        await this.#writeLease(wish.target, record);
      }
      return outcome;
    });
  }

  renew(claim: LeaseClaim & { ttlMs: number }): Promise<RenewOutcome> {
    return this.#answered(claim.target, async () => {
      // The token's file may be ahead by what a process wrote that died before it had the lease.
      const stored = await readLease(this.#file(claim.target, 'lease'));
      const known = stored.token > 0 ? this.#current(stored) : await this.#known(claim.target);
      const { outcome, record } = renewLease(known, { ...claim, nowMs: this.#hostMs() });
      if (record !== undefined) await this.#writeLease(claim.target, record);
      return outcome;
    });
  }

  async release(claim: LeaseClaim): Promise<void> {
    await this.#answered(claim.target, async () => {
      const known = await this.#known(claim.target);
      if (isNewest(known, claim)) await this.#writeLease(claim.target, released(known));
    });
  }

  originals(target: string, claim: () => LeaseClaim | undefined): OriginalStore {
    const file = this.#file(target, 'originals');
    const change = async (edit: (originals: Originals) => unknown): Promise<void> => {
      const held = heldClaim(target, claim());
      await this.#inTurn(target, async () => {
        if (!isNewest(await this.#known(target), held)) throw originalRefused(target);
        const originals = await readOriginals(file);
        edit(originals);
        await replaceDurably(file, `${JSON.stringify(Object.fromEntries(originals))}\n`);
      });
    };
    return {
      read: async (name) => (await readOriginals(file).catch(storeAway)).get(name),
      write: (name, original) => change((originals) => originals.set(name, original)),
      remove: (name) => change((originals) => originals.delete(name)),
    };
  }

  async close(): Promise<void> {
    this.#process.lock.release();
  }

  /** In turn, with the store's failures as an outcome. */
  async #answered<Outcome>(
    target: string,
    look: () => Promise<Outcome>,
  ): Promise<Outcome | { kind: 'away'; why: string }> {
    try {
      return await this.#inTurn(target, look);
    } catch (error) {
      return {
        kind: 'away',
        why: reasonOf(error instanceof LeaseStoreError ? error.cause : error),
      };
    }
  }

  /** Alone with the target's files. @throws {LeaseStoreError} */
  async #inTurn<Result>(target: string, look: () => Promise<Result>): Promise<Result> {
    const lock = await this.#lock(target).catch(storeAway);
    try {
      return await look().catch(storeAway);
    } finally {
      lock.release();
    }
  }

  async #lock(target: string): Promise<FileLock> {
    const path = this.#file(target, 'lock');
    const sinceMs = performance.now();
    for (;;) {
      const outcome = FileLock.take(path, `${process.pid}`);
      if (outcome.kind === 'taken') return outcome.lock;
      if (performance.now() - sinceMs > turnMs) {
        throw new Error(`${path} has been locked by process ${outcome.holder} for ${turnMs} ms`);
      }
      await delay(turnRetryMs);
    }
  }

  async #known(target: string): Promise<LeaseRecord> {
    const token = await readToken(this.#file(target, 'token'));
    const stored = await readLease(this.#file(target, 'lease'));
    return this.#current({ ...stored, token: Math.max(token, stored.token) });
  }

  /** What has ended leaves its token, and its holder's name: it may go on where nobody came. */
  #current(stored: StoredLease): LeaseRecord {
    const isLive = stored.boot === this.#boot && this.#isAlive(stored.process);
    return isLive ? stored : { ...stored, untilMs: Number.NEGATIVE_INFINITY };
  }

  /** Whether the process that took this lock lives; takes away what a dead one left. */
  #isAlive(name: string): boolean {
    if (name === this.#process.name) return true;
    if (!processLock.test(name)) return false;
    const outcome = FileLock.take(join(this.#directory, name), '');
    if (outcome.kind === 'taken') outcome.lock.release();
    return outcome.kind === 'held';
  }

  /** Whole or not at all for other processes; after a power cut it counts no more anyway. */
  async #writeLease(target: string, record: LeaseRecord): Promise<void> {
    const untilMs = Math.max(record.untilMs, Number.MIN_SAFE_INTEGER);
    const { name } = this.#process;
    const stored: StoredLease = { ...record, untilMs, process: name, boot: this.#boot };
    const file = this.#file(target, 'lease');
    await writeFile(`${file}.tmp`, JSON.stringify(stored), { mode: 0o640 });
    await rename(`${file}.tmp`, file);
  }

  #file(target: string, kind: 'lock' | 'token' | 'lease' | 'originals'): string {
    return join(this.#directory, `${fileNameOf(target)}.${kind}`);
  }
}

/** Of the kernel, since boot and the same for all processes. */
function sinceBootMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

async function readToken(file: string): Promise<number> {
  const token = Number(await textOf(file));
  if (Number.isSafeInteger(token) && token >= 0) return token;
  throw new Error(`${file} holds no token; write the highest ever granted into it, or delete it`);
}

/** One that cannot be read was cut off by a power cut: its holder is gone. */
async function readLease(file: string): Promise<StoredLease> {
  const blank = { token: 0, holder: '', untilMs: 0, process: '', boot: '' };
  try {
    const { token, holder, untilMs, process, boot } = JSON.parse(await textOf(file));
    const isWhole = Number.isSafeInteger(token) && Number.isFinite(untilMs);
    return isWhole ? { token, holder: `${holder}`, untilMs, process, boot } : blank;
  } catch (error) {
    if (error instanceof SyntaxError) return blank;
    throw error;
  }
}

async function readOriginals(file: string): Promise<Originals> {
  const originals: Originals = new Map();
  const text = await textOf(file);
  if (text === '') return originals;
  try {
    for (const [name, value] of Object.entries(JSON.parse(text))) {
      const original = originalOf(JSON.stringify(value));
      if (original !== undefined) originals.set(name, original);
    }
    return originals;
  } catch (cause) {
    throw new Error(`${file} holds no originals; put right by hand what it was, and delete it`, {
      cause,
    });
  }
}

async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

function storeAway(cause: unknown): never {
  if (cause instanceof LeaseStoreError) throw cause;
  throw new LeaseStoreError('store-away', `the lease store is away: ${reasonOf(cause)}`, cause);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
