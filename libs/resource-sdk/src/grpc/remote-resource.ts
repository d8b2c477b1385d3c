import type { ChangeBar, ResourceMeasurement } from '@levitate/control';
import { RpcError } from '@levitate/grpc-kit';
import type { ManagedResource } from '../managed-resource.ts';
import type { OriginalStore } from '../original-store.ts';
import { RemoteLease, type RemoteLeaseOptions } from './remote-lease.ts';
import type { RemoteResources } from './remote-resources.ts';

/** @see RemoteResource */
export interface RemoteResourceOptions extends Omit<RemoteLeaseOptions, 'calls'> {
  /** The server; it stays open when the resource is closed. */
  server: RemoteResources;
}

/**
 * A resource of another process, or of another host's agent, as one of this process. It is measured
 * by anyone and changed under its lease alone, which it keeps from `open` to `close`. The original
 * is the server's business: `originals` is its memory.
 *
 * ```ts
 * const pool = await RemoteResource.open({ server, name: 'workers', holder: 'controller-1' });
 * const { originals } = pool;
 * new Controller({ resource: pool, originals, barred: () => pool.held() }).start();
 * ```
 */
export class RemoteResource implements ManagedResource {
  readonly name: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly quantum: number;
  readonly actuationDelayMs: number;
  readonly lease: RemoteLease;
  readonly originals: OriginalStore;
  readonly #server: RemoteResources;
  #metrics: Readonly<Record<string, number>> = {};

  /** Asks the server what the resource is, and for its lease. @throws RpcError */
  static async open(options: RemoteResourceOptions): Promise<RemoteResource> {
    const facts = await options.server.facts(options.name);
    const resource = new RemoteResource(options, facts);
    resource.lease.start();
    return resource;
  }

  private constructor(
    options: RemoteResourceOptions,
    facts: Awaited<ReturnType<RemoteResources['facts']>>,
  ) {
    this.#server = options.server;
    this.name = facts.name;
    this.unit = facts.unit;
    this.min = facts.min;
    this.max = facts.max;
    this.quantum = facts.quantum;
    this.actuationDelayMs = facts.actuationDelayMs;
    this.lease = new RemoteLease({ ...options, calls: options.server.calls });
    this.originals = originalsOf(options.server);
  }

  /** Why nothing may be changed here now. */
  held(): ChangeBar | undefined {
    return this.lease.token === undefined ? 'lease-not-held' : undefined;
  }

  /** @throws RpcError */
  async measure(signal: AbortSignal): Promise<ResourceMeasurement> {
    const { measured, metrics } = await this.#server.measure(this.name);
    signal.throwIfAborted();
    this.#metrics = metrics;
    return measured;
  }

  /** @throws RpcError; with the reason `LEASE_NOT_HELD` also before any call */
  async apply(size: number, signal: AbortSignal): Promise<void> {
    const request = { ...this.#claim(), size };
    await this.#underLease(() => this.#server.calls.apply(request, { signal }));
  }

  /** By the server, which has noted it. @throws RpcError */
  async restore(_original: unknown, signal: AbortSignal): Promise<number | undefined> {
    const request = this.#claim();
    const { restored } = await this.#underLease(() =>
      this.#server.calls.restore(request, { signal }),
    );
    const [one] = restored;
    // A server from before this field says 0.
    if (one === undefined || one.owedReason === '') return one?.size || undefined;
    const message = `${this.name} is not back at ${one.originalSize}: ${one.owedReason}`;
    throw new RpcError({ code: 'ABORTED', reason: 'RESTORE_OWED', message, received: true });
  }

  /** As of the newest measurement. */
  metrics(): Readonly<Record<string, number>> {
    return this.#metrics;
  }

  /** Give the lease back: the server puts the original back. */
  close(): Promise<void> {
    return this.lease.stop();
  }

  #claim() {
    const { token, holder, why } = this.lease;
    if (token !== undefined) return { name: this.name, holder, fencingToken: token };
    throw new RpcError({
      code: 'FAILED_PRECONDITION',
      reason: 'LEASE_NOT_HELD',
      message: `the lease of ${this.name} is not held: ${why}`,
    });
  }

  async #underLease<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      const isLost = error instanceof RpcError && error.reason.startsWith('LEASE_');
      if (isLost) this.lease.lose(`${error.reason}: ${error.message}`);
      throw error;
    }
  }
}

/** The server notes originals before its first change, and forgets those it has put back. */
function originalsOf(server: RemoteResources): OriginalStore {
  return {
    async read(name) {
      const { originalSize: size } = await server.facts(name);
      return size === undefined ? undefined : { size };
    },
    async write() {},
    async remove() {},
  };
}
