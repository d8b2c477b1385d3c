// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { ResourceKindInit as _levitate_managed_resource_v1_ResourceKindInit, ResourceKind as _levitate_managed_resource_v1_ResourceKind } from '../../../levitate/managed_resource/v1/ResourceKind.ts';

/**
 * A target's day in mode recommend: what its sizes were, and what they would have been.
 */
export interface ReportInit {
  'target'?: (string);
  'resource'?: (_levitate_managed_resource_v1_ResourceKindInit);
  /**
   * What its sizes count: `bytes`, `threads`.
   */
  'unit'?: (string);
  /**
   * The day; that of the running one is the time of the answer.
   */
  'begunUnixMs'?: (number);
  'endedUnixMs'?: (number);
  'running'?: (boolean);
  /**
   * Time of it in mode recommend in which the target was measured.
   */
  'seconds'?: (number);
  /**
   * Means over that time.
   */
  'meanSize'?: (number);
  'meanRecommendedSize'?: (number);
  'largestRecommendedSize'?: (number);
  /**
   * Changes that would have been made.
   */
  'recommendedChanges'?: (number);
  /**
   * Of a buffer: bytes dropped, and what the recommended limits would have dropped of the same
   * arrivals; an estimate, since senders that react would have sent otherwise.
   */
  'measuredDroppedBytes'?: (number);
  'recommendedDroppedBytes'?: (number);
  /**
   * What that was at least and at most, where measurements are exact.
   */
  'recommendedDroppedBytesLow'?: (number);
  'recommendedDroppedBytesHigh'?: (number);
  /**
   * Of other resources: time in which more was needed than there was, and than there would have
   * been.
   */
  'shortSeconds'?: (number);
  'recommendedShortSeconds'?: (number);
  /**
   * One sentence for a person.
   */
  'text'?: (string);
}

/**
 * A target's day in mode recommend: what its sizes were, and what they would have been.
 */
export interface Report {
  'target': (string);
  'resource': (_levitate_managed_resource_v1_ResourceKind);
  /**
   * What its sizes count: `bytes`, `threads`.
   */
  'unit': (string);
  /**
   * The day; that of the running one is the time of the answer.
   */
  'begunUnixMs': (number);
  'endedUnixMs': (number);
  'running': (boolean);
  /**
   * Time of it in mode recommend in which the target was measured.
   */
  'seconds': (number);
  /**
   * Means over that time.
   */
  'meanSize': (number);
  'meanRecommendedSize': (number);
  'largestRecommendedSize': (number);
  /**
   * Changes that would have been made.
   */
  'recommendedChanges': (number);
  /**
   * Of a buffer: bytes dropped, and what the recommended limits would have dropped of the same
   * arrivals; an estimate, since senders that react would have sent otherwise.
   */
  'measuredDroppedBytes': (number);
  'recommendedDroppedBytes': (number);
  /**
   * What that was at least and at most, where measurements are exact.
   */
  'recommendedDroppedBytesLow': (number);
  'recommendedDroppedBytesHigh': (number);
  /**
   * Of other resources: time in which more was needed than there was, and than there would have
   * been.
   */
  'shortSeconds': (number);
  'recommendedShortSeconds': (number);
  /**
   * One sentence for a person.
   */
  'text': (string);
}
