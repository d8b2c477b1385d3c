import type { fsuController, managedResource } from '@levitate/contracts';
import type { Mode } from '@levitate/control';
import type { resourceKinds } from './target-config.ts';

/** The core's words in the words of the wire. */
export const modeToProto: Readonly<Record<Mode, fsuController.Mode>> = {
  observe: 'MODE_OBSERVE',
  recommend: 'MODE_RECOMMEND',
  enforce: 'MODE_ENFORCE',
};

export const lawToProto: Readonly<Record<'reactive' | 'predictive', fsuController.Law>> = {
  reactive: 'LAW_REACTIVE',
  predictive: 'LAW_PREDICTIVE',
};

/** Kinds of resources as they are configured, in the words of the wire. */
export const resourceToProto: Readonly<
  Record<(typeof resourceKinds)[number], managedResource.ResourceKind>
> = {
  buffer: 'RESOURCE_KIND_BUFFER',
  thread_pool: 'RESOURCE_KIND_THREAD_POOL',
  memory: 'RESOURCE_KIND_MEMORY',
  connection_pool: 'RESOURCE_KIND_CONNECTION_POOL',
  load_balancer: 'RESOURCE_KIND_LOAD_BALANCER',
  custom: 'RESOURCE_KIND_CUSTOM',
};

/** @param mode validated at the edge, where unspecified is refused */
export function modeFromProto(mode: fsuController.Mode): Mode {
  const modes = Object.keys(modeToProto) as Mode[];
  return modes.find((each) => modeToProto[each] === mode) ?? 'observe';
}
