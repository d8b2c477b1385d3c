import { type OriginalStore, originalOf } from '@levitate/resource-sdk';
import { Redis } from 'ioredis';
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
import {
  acquireScript,
  originalScript,
  releaseScript,
  renewScript,
} from './redis-lease-scripts.ts';

/** @see RedisLeaseStore */
export interface RedisLeaseStoreOptions {
  /** `redis://host:port/db`, `rediss://...`, or the path of a socket. */
  url: string;
  password?: string | undefined;
  /** What every key begins with. */
  keyPrefix: string;
  /** Time a command gets, ms; a fifth of a lease lets three fit in before it lapses. */
  commandTimeoutMs: number;
  /**
   * What knows no tokens is granted to nobody for this long after Redis was restarted or emptied,
   * ms: at least the longest lease of any controller.
   */
  settleMs: number;
}

/** What is noted of a target, as text by name, and under which token. */
interface NotedHere {
  token: number;
  texts: Map<string, string>;
}

/** Wait before connecting anew, ms: twice as long each time, up to the longest. */
const reconnectWaitMs = { first: 50, longest: 2_000 };

/**
 * Leases between controllers of any hosts, in Redis: scripts that are done at once, by Redis' own
 * clock. A Redis that was restarted or emptied grants again only when whoever may still hold a
 * lease has told it, or has lost it; tokens go on from those that resources have seen. What it
 * keeps through a crash is up to its configuration (`appendonly yes`), and it must not evict
 * (`maxmemory-policy noeviction`).
 */
export class RedisLeaseStore implements LeaseStore {
  readonly #options: RedisLeaseStoreOptions;
  readonly #redis: Redis;
  /** Originals under our leases, by target: an emptied Redis learns them. */
  readonly #noted = new Map<string, NotedHere>();
  /** The newest granted here, by target: they go on from it where Redis forgot. */
  readonly #tokens = new Map<string, number>();
  #why = 'not connected yet';

  /** Connects, and stays connected, in the background. */
  constructor(options: RedisLeaseStoreOptions) {
    const { url, password, commandTimeoutMs } = options;
    this.#options = options;
    this.#redis = new Redis(url, {
      protocol: 2,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      commandTimeout: commandTimeoutMs,
      connectTimeout: 2_000,
      connectionName: 'levitate-leases',
      retryStrategy: (attempt) =>
        Math.min(reconnectWaitMs.longest, reconnectWaitMs.first * 2 ** attempt),
      ...(password === undefined ? {} : { password }),
    });
    this.#redis.on('error', (error: Error) => {
      this.#why = error.message;
    });
    this.#redis.on('ready', () => {
      this.#why = '';
    });
  }

  async acquire({ target, holder, ttlMs, tokenMin }: LeaseWish): Promise<AcquireOutcome> {
    const settleMs = tokenMin === undefined ? this.#options.settleMs : 0;
    const noted = this.#noted.get(target);
    const least = tokenMin ?? (this.#tokens.get(target) ?? 0) + 1;
    const words = [holder, ttlMs, least, settleMs, noted?.token ?? 0];
    if (noted !== undefined) words.push(...[...noted.texts].flat());
    const reply = await this.#answered(target, acquireScript, words);
    if (!Array.isArray(reply)) return reply;
    const [kind, word, number] = reply;
    if (kind === 'granted') {
      // Others may have had it since these were noted: unless Redis forgot, what it has counts.
      const token = Number(word);
      if (number === 1 && noted !== undefined) this.#noted.set(target, { ...noted, token });
      else this.#noted.delete(target);
      this.#tokens.set(target, token);
      return { kind, token };
    }
    if (kind === 'held') return { kind, by: `${word}`, remainingMs: Number(number) };
    if (kind === 'settling') return { kind, remainingMs: Number(number) };
    return { kind: 'away', why: `no token is left for ${target}` };
  }

  async renew({ target, holder, token, ttlMs }: LeaseClaim & { ttlMs: number }) {
    const noted = [...(this.#noted.get(target)?.texts ?? [])].flat();
    const reply = await this.#answered(target, renewScript, [holder, token, ttlMs, ...noted]);
    if (!Array.isArray(reply)) return reply;
    const [kind, by] = reply;
    if (kind === 'ours') return { kind } satisfies RenewOutcome;
    // Whoever came after notes them as it finds them.
    this.#noted.delete(target);
    return { kind: 'lost', by: `${by}` } satisfies RenewOutcome;
  }

  async release({ target, holder, token }: LeaseClaim): Promise<void> {
    this.#noted.delete(target);
    await this.#answered(target, releaseScript, [holder, token]);
  }

  originals(target: string, claim: () => LeaseClaim | undefined): OriginalStore {
    const change = async (name: string, text: string[]): Promise<LeaseClaim> => {
      const held = heldClaim(target, claim());
      const { holder, token } = held;
      const isDone = await this.#run(target, originalScript, [holder, token, name, ...text]);
      if (isDone !== 1) throw originalRefused(target);
      return held;
    };
    return {
      read: async (name) => {
        const text = await this.#within(() => this.#redis.hget(this.#keys(target).originals, name));
        if (text === null) return undefined;
        const held = claim();
        if (held !== undefined) this.#note(held, name, text);
        return originalOf(text);
      },
      write: async (name, original) => {
        const text = JSON.stringify(original);
        this.#note(await change(name, [text]), name, text);
      },
      remove: async (name) => {
        await change(name, []);
        this.#noted.get(target)?.texts.delete(name);
      },
    };
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  #note({ target, token }: LeaseClaim, name: string, text: string): void {
    const texts = this.#noted.get(target)?.texts ?? new Map<string, string>();
    this.#noted.set(target, { token, texts: texts.set(name, text) });
  }

  /** What a script says, or that it could not. */
  async #answered(
    target: string,
    script: string,
    words: (string | number)[],
  ): Promise<unknown[] | { kind: 'away'; why: string }> {
    try {
      const reply = await this.#run(target, script, words);
      return Array.isArray(reply) ? reply : [];
    } catch (error) {
      const { cause } = error as LeaseStoreError;
      return { kind: 'away', why: cause instanceof Error ? cause.message : String(cause) };
    }
  }

  #run(target: string, script: string, words: (string | number)[]): Promise<unknown> {
    const { lease, originals, run } = this.#keys(target);
    return this.#within(() => this.#redis.eval(script, 3, lease, originals, run, ...words));
  }

  /** @throws {LeaseStoreError} `store-away` */
  async #within<Reply>(ask: () => Promise<Reply>): Promise<Reply> {
    try {
      return await ask();
    } catch (error) {
      const { name, message: said } = error as Error;
      const isLate = said === 'Command timed out';
      // One that hangs would be asked ever more: nothing is asked until it has answered anew.
      if (isLate) this.#redis.disconnect(true);
      const isSaid = isLate || name === 'ReplyError';
      const why = isSaid ? said : this.#why || 'the connection was closed';
      const message = `the lease store is away: ${why}`;
      throw new LeaseStoreError('store-away', message, new Error(why, { cause: error }));
    }
  }

  #keys(target: string) {
    const { keyPrefix } = this.#options;
    return {
      lease: `${keyPrefix}:lease:${target}`,
      originals: `${keyPrefix}:originals:${target}`,
      run: `${keyPrefix}:run`,
    };
  }
}
