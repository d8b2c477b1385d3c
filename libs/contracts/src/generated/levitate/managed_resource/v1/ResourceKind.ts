// Original file: proto/levitate/managed_resource/v1/managed_resource.proto

/**
 * What sort of thing a resource is.
 */
export const ResourceKind = {
  RESOURCE_KIND_UNSPECIFIED: 'RESOURCE_KIND_UNSPECIFIED',
  RESOURCE_KIND_THREAD_POOL: 'RESOURCE_KIND_THREAD_POOL',
  RESOURCE_KIND_MEMORY: 'RESOURCE_KIND_MEMORY',
  RESOURCE_KIND_CONNECTION_POOL: 'RESOURCE_KIND_CONNECTION_POOL',
  RESOURCE_KIND_LOAD_BALANCER: 'RESOURCE_KIND_LOAD_BALANCER',
  RESOURCE_KIND_BUFFER: 'RESOURCE_KIND_BUFFER',
  RESOURCE_KIND_CUSTOM: 'RESOURCE_KIND_CUSTOM',
} as const;

/**
 * What sort of thing a resource is.
 */
export type ResourceKindInit =
  | 'RESOURCE_KIND_UNSPECIFIED'
  | 'RESOURCE_KIND_THREAD_POOL'
  | 'RESOURCE_KIND_MEMORY'
  | 'RESOURCE_KIND_CONNECTION_POOL'
  | 'RESOURCE_KIND_LOAD_BALANCER'
  | 'RESOURCE_KIND_BUFFER'
  | 'RESOURCE_KIND_CUSTOM'

/**
 * What sort of thing a resource is.
 */
export type ResourceKind = typeof ResourceKind[keyof typeof ResourceKind]
