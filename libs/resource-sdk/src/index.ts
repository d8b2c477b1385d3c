export type { Mode, ResourceFacts, ResourceMeasurement } from '@levitate/control';
export { Controller, type ControllerEvent, type ControllerOptions } from './controller.ts';
export type { ManagedResource } from './managed-resource.ts';
export { type OriginalStore, OriginalsInMemory, OriginalsOnDisk } from './original-store.ts';
