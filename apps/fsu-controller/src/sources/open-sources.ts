import type { Clock } from '@levitate/clock';
import type { TlsFiles } from '@levitate/grpc-kit';
import type { ManagedResource, OriginalStore } from '@levitate/resource-sdk';
import { RemoteResource, RemoteResources } from '@levitate/resource-sdk/grpc';
import type { ResourceLease } from '../operated-target.ts';
import type { ResourceTargetConfig } from '../target-config.ts';
import { PrometheusResource } from './prometheus-resource.ts';
import { type SourceAddress, sourceAddress } from './source-address.ts';

/** A resource as its source gives it. */
export interface OpenedSource {
  resource: ManagedResource;
  /** Where whoever owns the resource grants leases, and notes originals, itself. */
  owned?: { lease: ResourceLease; originals: OriginalStore } | undefined;
  close(): void | Promise<void>;
}

/** @see OpenSources */
export interface OpenSourcesOptions {
  holder: string;
  leaseTtlMs: number;
  tls: TlsFiles | undefined;
  clock: Clock;
}

/** Resources behind the sources of targets; one connection a server, however many use it. */
export class OpenSources {
  readonly #options: OpenSourcesOptions;
  readonly #servers = new Map<string, RemoteResources>();

  constructor(options: OpenSourcesOptions) {
    this.#options = options;
  }

  /** @throws whatever keeps it from being reached, or from being what it is said to be */
  async open(config: ResourceTargetConfig, signal: AbortSignal): Promise<OpenedSource> {
    const address = sourceAddress(config.source);
    const { name, min, max, actuation_delay_ms: actuationDelayMs } = config;
    const { password_file: passwordFile } = config;
    const { clock } = this.#options;
    switch (address.kind) {
      case 'haproxy': {
        const { HaproxyBackend } = await import('@levitate/resource-adapters/haproxy');
        const options = { ...address, name, min, max, actuationDelayMs, clock };
        return { resource: await HaproxyBackend.open(options, signal), close() {} };
      }
      case 'pgbouncer': {
        const { PgbouncerPool } = await import('@levitate/resource-adapters/pgbouncer');
        const options = { ...address, name, min, max, actuationDelayMs, passwordFile, clock };
        const resource = new PgbouncerPool(options);
        await resource.check(signal).catch((error: unknown) => {
          resource.close();
          throw error;
        });
        return { resource, close: () => resource.close() };
      }
      case 'jmx': {
        const { Jolokia, JvmHeap } = await import('@levitate/resource-adapters/jvm');
        const access = new Jolokia({ url: address.url, user: address.user, passwordFile });
        return { resource: new JvmHeap({ access, name, min, max, actuationDelayMs }), close() {} };
      }
      case 'prometheus': {
        const { url, queries } = address;
        return { resource: new PrometheusResource({ name, url, queries, min, max }), close() {} };
      }
      case 'resource':
        return this.#remote(address);
    }
  }

  close(): void {
    for (const server of this.#servers.values()) server.close();
  }

  async #remote({ address, name }: SourceAddress & { kind: 'resource' }): Promise<OpenedSource> {
    const { holder, leaseTtlMs: ttlMs, clock, tls } = this.#options;
    const server = this.#servers.get(address) ?? new RemoteResources({ address, tls });
    this.#servers.set(address, server);
    const resource = await RemoteResource.open({ server, name, holder, ttlMs, clock });
    const owned = { lease: leaseOf(resource), originals: resource.originals };
    return { resource, owned, close: () => resource.close() };
  }
}

/** Kept by the resource's own server, which restores when it lapses. */
function leaseOf(resource: RemoteResource): ResourceLease {
  const { lease } = resource;
  return {
    held: () => (lease.token === undefined ? 'lease-not-held' : undefined),
    get why() {
      return lease.why;
    },
    want(isWanted) {
      if (isWanted) lease.start();
      else void lease.stop();
    },
    async run(signal) {
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await lease.stop();
    },
    giveUp: () => lease.stop(),
  };
}
