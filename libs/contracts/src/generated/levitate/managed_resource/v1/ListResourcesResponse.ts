// Original file: proto/levitate/managed_resource/v1/managed_resource.proto

import type { ResourceInit as _levitate_managed_resource_v1_ResourceInit, Resource as _levitate_managed_resource_v1_Resource } from '../../../levitate/managed_resource/v1/Resource.ts';

export interface ListResourcesResponseInit {
  'resources'?: (_levitate_managed_resource_v1_ResourceInit)[];
}

export interface ListResourcesResponse {
  'resources': (_levitate_managed_resource_v1_Resource)[];
}
