import type { Clock } from '@levitate/clock';
import { redisConnection } from '@levitate/feature-windows';
import type { OriginalStore } from '@levitate/resource-sdk';
import { answerShare } from './lease-rounds.ts';
import { type LeaseStore, LeaseStoreError } from './lease-store.ts';
import type { LeasesConfig } from './leases-config.ts';
import { OwnLeases } from './own-leases.ts';

/** What a store needs besides its configuration. */
export interface LeaseStoreSurroundings {
  clock: Clock;
  /** Length of the leases that will be asked for, ms. */
  ttlMs: number;
  /** Where this controller notes originals while it has no store to share. */
  originals: OriginalStore;
}

/**
 * The store that the configuration names; one in Redis is connected in the background.
 *
 * @throws {LeaseStoreError} `misconfigured`
 */
export async function openLeaseStore(
  config: LeasesConfig,
  { clock, ttlMs, originals }: LeaseStoreSurroundings,
): Promise<LeaseStore> {
  switch (config.store) {
    case 'own':
      return new OwnLeases({ clock, originals });
    case 'file': {
      const { FileLeaseStore } = await import('./file-lease-store.ts');
      return await FileLeaseStore.open({ directory: config.directory });
    }
    case 'redis': {
      const { settle_ms: settleMs } = config.redis;
      const connection = await redisConnection(config.redis, 'leases.redis').catch(misconfigured);
      const { url, password, keyPrefix = config.redis.key_prefix } = connection;
      if (settleMs < ttlMs) {
        misconfigured(
          new Error(`leases.redis.settle_ms is ${settleMs}, shorter than lease_ttl_ms, ${ttlMs}`),
        );
      }
      const { RedisLeaseStore } = await import('./redis-lease-store.ts');
      const commandTimeoutMs = ttlMs * answerShare;
      return new RedisLeaseStore({ url, password, keyPrefix, settleMs, commandTimeoutMs });
    }
  }
}

function misconfigured(cause: Error): never {
  throw new LeaseStoreError('misconfigured', cause.message, cause);
}
