// Original file: proto/levitate/managed_resource/v1/managed_resource.proto

import type { ResourceKindInit as _levitate_managed_resource_v1_ResourceKindInit, ResourceKind as _levitate_managed_resource_v1_ResourceKind } from '../../../levitate/managed_resource/v1/ResourceKind.ts';

/**
 * One resource of the server.
 */
export interface ResourceInit {
  'name'?: (string);
  'kind'?: (_levitate_managed_resource_v1_ResourceKindInit);
  /**
   * What sizes count, for people, for example `threads`.
   */
  'unit'?: (string);
  /**
   * Sizes outside are refused.
   */
  'min'?: (number);
  'max'?: (number);
  /**
   * Sizes are whole multiples of it.
   */
  'quantum'?: (number);
  /**
   * From a change until its size is usable.
   */
  'actuationDelayMs'?: (number);
  /**
   * As last measured; absent before.
   */
  'size'?: (number);
  /**
   * Before the first change; absent where nothing is changed.
   */
  'originalSize'?: (number);
  /**
   * Present holder of the lease; empty when there is none.
   */
  'leaseHolder'?: (string);
  /**
   * Highest that was seen.
   */
  'fencingToken'?: (number);
  /**
   * Of the lease; 0 when it is not held.
   */
  'remainingMs'?: (number);
  /**
   * Why the original is not back yet; it is tried until it is. Empty: nothing is owed.
   */
  'owedReason'?: (string);
  '_size'?: "size";
  '_originalSize'?: "originalSize";
}

/**
 * One resource of the server.
 */
export interface Resource {
  'name': (string);
  'kind': (_levitate_managed_resource_v1_ResourceKind);
  /**
   * What sizes count, for people, for example `threads`.
   */
  'unit': (string);
  /**
   * Sizes outside are refused.
   */
  'min': (number);
  'max': (number);
  /**
   * Sizes are whole multiples of it.
   */
  'quantum': (number);
  /**
   * From a change until its size is usable.
   */
  'actuationDelayMs': (number);
  /**
   * As last measured; absent before.
   */
  'size'?: (number);
  /**
   * Before the first change; absent where nothing is changed.
   */
  'originalSize'?: (number);
  /**
   * Present holder of the lease; empty when there is none.
   */
  'leaseHolder': (string);
  /**
   * Highest that was seen.
   */
  'fencingToken': (number);
  /**
   * Of the lease; 0 when it is not held.
   */
  'remainingMs': (number);
  /**
   * Why the original is not back yet; it is tried until it is. Empty: nothing is owed.
   */
  'owedReason': (string);
}
