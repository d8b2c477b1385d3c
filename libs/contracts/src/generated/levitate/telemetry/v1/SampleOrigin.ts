// Original file: proto/levitate/telemetry/v1/telemetry.proto

/**
 * Where a sample was measured.
 */
export const SampleOrigin = {
  SAMPLE_ORIGIN_UNSPECIFIED: 'SAMPLE_ORIGIN_UNSPECIFIED',
  /**
   * Counters of a real kernel, read by the agent.
   */
  SAMPLE_ORIGIN_KERNEL: 'SAMPLE_ORIGIN_KERNEL',
  /**
   * Counters of the agent's simulated kernel.
   */
  SAMPLE_ORIGIN_SIMULATED: 'SAMPLE_ORIGIN_SIMULATED',
  /**
   * proc of a host without the agent.
   */
  SAMPLE_ORIGIN_PROC: 'SAMPLE_ORIGIN_PROC',
  /**
   * Pushed by a client.
   */
  SAMPLE_ORIGIN_PUSH: 'SAMPLE_ORIGIN_PUSH',
  /**
   * Replayed from a trace file.
   */
  SAMPLE_ORIGIN_REPLAY: 'SAMPLE_ORIGIN_REPLAY',
  /**
   * Queried from a Prometheus server; its interval is that of the scrapes.
   */
  SAMPLE_ORIGIN_PROMETHEUS: 'SAMPLE_ORIGIN_PROMETHEUS',
} as const;

/**
 * Where a sample was measured.
 */
export type SampleOriginInit =
  | 'SAMPLE_ORIGIN_UNSPECIFIED'
  /**
   * Counters of a real kernel, read by the agent.
   */
  | 'SAMPLE_ORIGIN_KERNEL'
  /**
   * Counters of the agent's simulated kernel.
   */
  | 'SAMPLE_ORIGIN_SIMULATED'
  /**
   * proc of a host without the agent.
   */
  | 'SAMPLE_ORIGIN_PROC'
  /**
   * Pushed by a client.
   */
  | 'SAMPLE_ORIGIN_PUSH'
  /**
   * Replayed from a trace file.
   */
  | 'SAMPLE_ORIGIN_REPLAY'
  /**
   * Queried from a Prometheus server; its interval is that of the scrapes.
   */
  | 'SAMPLE_ORIGIN_PROMETHEUS'

/**
 * Where a sample was measured.
 */
export type SampleOrigin = typeof SampleOrigin[keyof typeof SampleOrigin]
