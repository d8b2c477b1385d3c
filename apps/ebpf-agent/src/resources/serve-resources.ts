import type { ServedService } from '@levitate/grpc-kit';
import type { RestoreEvent } from '@levitate/resource-sdk/grpc';
import type { ServiceContext, StateDirectory } from '@levitate/service-kit';
import type { AgentConfig } from '../config.ts';
import type { AgentMetrics } from '../metrics.ts';
import { recordResources } from './resource-record.ts';

/** Resources of the host as the agent serves them beside its links. */
export interface AgentResources {
  services: ServedService[];
  /** Put every original back. */
  stop(): Promise<void>;
}

/**
 * Serve what is configured as `resources`; without any nothing is loaded and nothing served.
 * @throws StateDirectoryError, ResourceRefusal `RECORD_UNREADABLE`
 */
export async function serveHostResources(
  { config, logger }: Pick<ServiceContext<AgentConfig>, 'config' | 'logger'>,
  { directory, metrics }: { directory: StateDirectory; metrics: AgentMetrics },
): Promise<AgentResources> {
  const { resources } = config;
  const onRestore = ({ name: resource, reason, size, error }: RestoreEvent) => {
    const outcome = error === undefined ? 'restored' : 'failed';
    metrics.resourceRestores.inc({ resource, reason, outcome });
    const what = { resource, reason, outcome, size, err: error };
    logger[error === undefined ? 'info' : 'warn'](what, 'restore');
  };
  await recordResources(directory, resources, onRestore);
  if (resources.length === 0) return { services: [], stop: async () => {} };
  const { resourceRpcs } = await import('@levitate/resource-sdk/grpc');
  const { openResources } = await import('./open-resources.ts');
  const host = await openResources({ resources, directory, onRestore });
  logger.info({ resources: resources.map(({ name }) => name) }, 'resources of this host');
  host.start();
  return { services: [resourceRpcs(host)], stop: () => host.stop() };
}
