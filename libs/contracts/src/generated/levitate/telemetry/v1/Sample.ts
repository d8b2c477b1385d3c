// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { SampleOriginInit as _levitate_telemetry_v1_SampleOriginInit, SampleOrigin as _levitate_telemetry_v1_SampleOrigin } from '../../../levitate/telemetry/v1/SampleOrigin.ts';

/**
 * One interval of one link. A missing value is missing, never zero.
 */
export interface SampleInit {
  /**
   * Name of the link, unique in the deployment.
   */
  'link'?: (string);
  /**
   * Counts up by one per sample of this link and source; restarts at 1 with the source.
   */
  'sequence'?: (number);
  /**
   * End of the interval, wall clock, milliseconds since 1970.
   */
  'timeUnixMs'?: (number);
  /**
   * Length of the interval.
   */
  'intervalMs'?: (number);
  /**
   * Arrivals at the queue, dropped ones included, mean over the interval.
   */
  'throughputBytesPerSecond'?: (number);
  /**
   * Arrivals at the queue, dropped ones included, mean over the interval.
   */
  'packetsPerSecond'?: (number);
  /**
   * Largest mean arrival rate over any 10 ms of the interval.
   */
  'throughputPeakBytesPerSecond'?: (number);
  /**
   * Queue at the end of the interval.
   */
  'queueBytes'?: (number);
  /**
   * Queue at the end of the interval.
   */
  'queuePackets'?: (number);
  /**
   * High-water mark of the queue within the interval.
   */
  'queueHighWaterBytes'?: (number);
  /**
   * Queueing delay, median over the interval.
   */
  'latencyP50Seconds'?: (number);
  /**
   * Queueing delay, 95th percentile over the interval.
   */
  'latencyP95Seconds'?: (number);
  /**
   * Queueing delay, 99th percentile over the interval.
   */
  'latencyP99Seconds'?: (number);
  /**
   * New connections per second.
   */
  'connectionsPerSecond'?: (number);
  /**
   * Packets dropped within the interval.
   */
  'droppedPackets'?: (number);
  /**
   * Bytes dropped within the interval.
   */
  'droppedBytes'?: (number);
  /**
   * Queue limit in force at the end of the interval.
   */
  'limitBytes'?: (number);
  /**
   * Rate at which the queue drains when it is not empty.
   */
  'drainBytesPerSecond'?: (number);
  /**
   * Where this was measured.
   */
  'origin'?: (_levitate_telemetry_v1_SampleOriginInit);
  '_sequence'?: "sequence";
  '_timeUnixMs'?: "timeUnixMs";
  '_intervalMs'?: "intervalMs";
  '_throughputBytesPerSecond'?: "throughputBytesPerSecond";
  '_packetsPerSecond'?: "packetsPerSecond";
  '_throughputPeakBytesPerSecond'?: "throughputPeakBytesPerSecond";
  '_queueBytes'?: "queueBytes";
  '_queuePackets'?: "queuePackets";
  '_queueHighWaterBytes'?: "queueHighWaterBytes";
  '_latencyP50Seconds'?: "latencyP50Seconds";
  '_latencyP95Seconds'?: "latencyP95Seconds";
  '_latencyP99Seconds'?: "latencyP99Seconds";
  '_connectionsPerSecond'?: "connectionsPerSecond";
  '_droppedPackets'?: "droppedPackets";
  '_droppedBytes'?: "droppedBytes";
  '_limitBytes'?: "limitBytes";
  '_drainBytesPerSecond'?: "drainBytesPerSecond";
}

/**
 * One interval of one link. A missing value is missing, never zero.
 */
export interface Sample {
  /**
   * Name of the link, unique in the deployment.
   */
  'link': (string);
  /**
   * Counts up by one per sample of this link and source; restarts at 1 with the source.
   */
  'sequence'?: (number);
  /**
   * End of the interval, wall clock, milliseconds since 1970.
   */
  'timeUnixMs'?: (number);
  /**
   * Length of the interval.
   */
  'intervalMs'?: (number);
  /**
   * Arrivals at the queue, dropped ones included, mean over the interval.
   */
  'throughputBytesPerSecond'?: (number);
  /**
   * Arrivals at the queue, dropped ones included, mean over the interval.
   */
  'packetsPerSecond'?: (number);
  /**
   * Largest mean arrival rate over any 10 ms of the interval.
   */
  'throughputPeakBytesPerSecond'?: (number);
  /**
   * Queue at the end of the interval.
   */
  'queueBytes'?: (number);
  /**
   * Queue at the end of the interval.
   */
  'queuePackets'?: (number);
  /**
   * High-water mark of the queue within the interval.
   */
  'queueHighWaterBytes'?: (number);
  /**
   * Queueing delay, median over the interval.
   */
  'latencyP50Seconds'?: (number);
  /**
   * Queueing delay, 95th percentile over the interval.
   */
  'latencyP95Seconds'?: (number);
  /**
   * Queueing delay, 99th percentile over the interval.
   */
  'latencyP99Seconds'?: (number);
  /**
   * New connections per second.
   */
  'connectionsPerSecond'?: (number);
  /**
   * Packets dropped within the interval.
   */
  'droppedPackets'?: (number);
  /**
   * Bytes dropped within the interval.
   */
  'droppedBytes'?: (number);
  /**
   * Queue limit in force at the end of the interval.
   */
  'limitBytes'?: (number);
  /**
   * Rate at which the queue drains when it is not empty.
   */
  'drainBytesPerSecond'?: (number);
  /**
   * Where this was measured.
   */
  'origin': (_levitate_telemetry_v1_SampleOrigin);
}
