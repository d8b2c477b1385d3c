import type { RestoreEvent } from '@levitate/resource-sdk/grpc';
import type { StateDirectory } from '@levitate/service-kit';
import { type ResourceConfig, resourcesConfig } from './resource-config.ts';
import { RESOURCES_FILE } from './resources-file.ts';

type OnRestore = (event: RestoreEvent) => void;

/**
 * Write down which resources this agent serves, before any of them can be changed. Those of an
 * earlier run that it does not serve any more are put back; they stay written where that fails.
 * @throws StateDirectoryError
 */
export async function recordResources(
  directory: StateDirectory,
  resources: readonly ResourceConfig[],
  onRestore: OnRestore,
): Promise<void> {
  const names = resources.map(({ name }) => name);
  const gone = (await recorded(directory)).filter(({ name }) => !names.includes(name));
  const owed = await putBack(directory, gone, onRestore);
  const all = [...resources, ...owed];
  if (all.length === 0) await directory.remove(RESOURCES_FILE);
  else await directory.writeDurably(RESOURCES_FILE, JSON.stringify(all));
}

/**
 * Put back what an agent that is gone has changed of its resources, as far as it can be done now:
 * what cannot stays noted for the next start.
 * @throws StateDirectoryError
 */
export async function restoreResources(
  directory: StateDirectory,
  onRestore: OnRestore,
): Promise<void> {
  await putBack(directory, await recorded(directory), onRestore);
}

async function recorded(directory: StateDirectory): Promise<ResourceConfig[]> {
  const bytes = await directory.read(RESOURCES_FILE);
  return bytes === undefined ? [] : resourcesConfig.parse(JSON.parse(bytes.toString()));
}

/** @returns those that could not be put back */
async function putBack(
  directory: StateDirectory,
  resources: readonly ResourceConfig[],
  onRestore: OnRestore,
): Promise<ResourceConfig[]> {
  const changed = await changedOf(directory, resources);
  if (changed.length === 0) return [];
  const { openResources } = await import('./open-resources.ts');
  const host = await openResources({ resources: changed, directory, onRestore });
  await host.stop();
  return changedOf(directory, changed);
}

/** Those of which an original is noted. */
async function changedOf(directory: StateDirectory, resources: readonly ResourceConfig[]) {
  const files = await directory.names();
  return resources.filter(({ name }) => files.includes(`original-${name}`));
}
