export { arrivals } from './arrivals.ts';
export type { Burst, Onset } from './burst.ts';
export { type LabelledBurst, type LabelOptions, labelOnsets } from './label-onsets.ts';
export {
  OnsetDetector,
  type OnsetDetectorOptions,
  type OnsetObservation,
} from './onset-detector.ts';
export { parseTrace, TraceError, type TraceErrorCode, type TraceRow } from './parse-trace.ts';
export {
  type PathInterval,
  type PathTrace,
  type PathTraceKind,
  pathTrace,
  pathTraceKinds,
} from './path-trace.ts';
export { planTraffic } from './plan-traffic.ts';
export { RateCurve, type RateSegment } from './rate-curve.ts';
export {
  intervalCount,
  type TraceIntervals,
  traceIntervals,
  traceResolutionMs,
} from './trace-intervals.ts';
export { type TraceKind, type TraceLayout, traceKinds } from './trace-kinds.ts';
export {
  type BurstShape,
  type Range,
  seedPattern,
  type TrafficOptions,
} from './traffic-options.ts';
export type { PlannedBurst, TrafficKind, TrafficPlan } from './traffic-plan.ts';
