export {
  type KeptLease,
  type LeaseRecords,
  LeasesInMemory,
  LeasesOnDisk,
} from './lease-records.ts';
export { type FencingTokens, RemoteLease, type RemoteLeaseOptions } from './remote-lease.ts';
export { RemoteResource, type RemoteResourceOptions } from './remote-resource.ts';
export {
  type RemoteMeasurement,
  RemoteResources,
  type RemoteResourcesOptions,
} from './remote-resources.ts';
export {
  type HostedResource,
  ResourceHost,
  type ResourceHostOptions,
  type ResourceKind,
} from './resource-host.ts';
export { ResourceRefusal, type ResourceRefusalCode } from './resource-refusal.ts';
export { resourceRpcs } from './resource-rpcs.ts';
export {
  type ResourceServer,
  type ServeResourcesOptions,
  serveResources,
} from './serve-resources.ts';
export type { RestoreEvent, RestoreReason } from './served-original.ts';
