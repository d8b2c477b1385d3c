// Original file: proto/levitate/managed_resource/v1/managed_resource.proto

import type { RestoredResourceInit as _levitate_managed_resource_v1_RestoredResourceInit, RestoredResource as _levitate_managed_resource_v1_RestoredResource } from '../../../levitate/managed_resource/v1/RestoredResource.ts';

export interface RestoreResponseInit {
  /**
   * Those of which an original was noted.
   */
  'restored'?: (_levitate_managed_resource_v1_RestoredResourceInit)[];
}

export interface RestoreResponse {
  /**
   * Those of which an original was noted.
   */
  'restored': (_levitate_managed_resource_v1_RestoredResource)[];
}
