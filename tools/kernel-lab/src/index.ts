export { DelaySeries, type TimeSpan } from './delay-series.ts';
export {
  createLab,
  type KernelLab,
  type LabLink,
  type LabRequest,
  removeStaleLabs,
} from './lab.ts';
export { LabError, type LabErrorCode } from './lab-error.ts';
export { LANES_MAX, type LabLayout, type LaneAddresses, type LaneSpec } from './lab-layout.ts';
export { LAB_RECORDS_DIRECTORY } from './lab-registry.ts';
export { PACKET_BYTES } from './packet-batch.ts';
export { planSource } from './plan-source.ts';
export {
  LATENESS_MAX_MS,
  type PacketSource,
  startTraffic,
  type TrafficFlow,
  type TrafficReport,
  type TrafficRequest,
  type TrafficRun,
} from './traffic.ts';
export type { LaneCounters, ThreadCounters } from './traffic-counters.ts';
export type { DelayBatch, LateMoment } from './traffic-messages.ts';
