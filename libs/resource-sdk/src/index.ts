export type { ChangeBar, Mode, ResourceFacts, ResourceMeasurement } from '@levitate/control';
export { StateDirectory } from '@levitate/service-kit';
export { Controller, type ControllerEvent, type ControllerOptions } from './controller.ts';
export type { Delay } from './deadline.ts';
export type { ManagedResource, NotedOriginal } from './managed-resource.ts';
export {
  type OriginalStore,
  OriginalsInMemory,
  OriginalsOnDisk,
  originalOf,
} from './original-store.ts';
