import { type ManagedResource, OriginalsOnDisk } from '@levitate/resource-sdk';
import {
  type HostedResource,
  LeasesOnDisk,
  ResourceHost,
  type RestoreEvent,
} from '@levitate/resource-sdk/grpc';
import type { StateDirectory } from '@levitate/service-kit';
import type { ResourceConfig } from './resource-config.ts';

/** What the resources of a host are opened with. */
export interface OpenResourcesOptions {
  resources: readonly ResourceConfig[];
  /** The agent's own: originals and leases are kept there. */
  directory: StateDirectory;
  onRestore: (event: RestoreEvent) => void;
}

/**
 * The resources of this host under their leases. What an earlier run left is put back, unless its
 * holder may yet come back for it.
 * @throws StateDirectoryError, ResourceRefusal `RECORD_UNREADABLE`
 */
export async function openResources(options: OpenResourcesOptions): Promise<ResourceHost> {
  const { resources, directory, onRestore } = options;
  return ResourceHost.open({
    resources: await Promise.all(resources.map(resourceOf)),
    originals: new OriginalsOnDisk(directory),
    leases: new LeasesOnDisk(directory),
    // Attaching to a JVM that collects takes its time.
    deadlineMs: 2_000,
    onRestore,
  });
}

/** Loaded where it is asked for: an agent of links alone needs none of it. */
async function resourceOf(config: ResourceConfig): Promise<HostedResource> {
  const resource = config.kind === 'jvm' ? await heapOf(config) : await groupOf(config);
  return Object.assign(resource, { kind: 'memory' as const });
}

async function heapOf(config: ResourceConfig): Promise<ManagedResource> {
  const { name, pid, main_class, min_bytes: min, max_bytes: max, collect_on_shrink } = config;
  const { Jcmd, JvmHeap } = await import('@levitate/resource-adapters/jvm');
  // One of the two is there, which the configuration has made sure of.
  const access = new Jcmd({ jvm: pid ?? main_class ?? '' });
  return new JvmHeap({ name, access, min, max, collectOnShrink: collect_on_shrink });
}

async function groupOf(config: ResourceConfig): Promise<ManagedResource> {
  const { name, folder = '', min_bytes: min, max_bytes: max } = config;
  const { CgroupMemory } = await import('@levitate/resource-adapters/memory');
  return new CgroupMemory({ name, folder, min, max });
}
