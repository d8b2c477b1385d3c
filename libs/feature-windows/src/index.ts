export { FeatureWindowsError, type FeatureWindowsErrorCode } from './errors.ts';
export {
  type AppendOutcome,
  batchSamplesMax,
  type FeatureWindows,
  type FollowBatch,
  type FollowOptions,
  type SeriesSummary,
} from './feature-windows.ts';
export {
  type ConnectionState,
  GrpcFeatureWindows,
  type GrpcWindowsOptions,
} from './grpc-feature-windows.ts';
export { type KeepFollowingOptions, keepFollowing } from './keep-following.ts';
export { linkSeries } from './link-series.ts';
export { MemoryFeatureWindows } from './memory-feature-windows.ts';
export { type FollowedSourceOptions, openFollowedSource } from './open-followed-source.ts';
export { pathSampleFromProto } from './path-sample-proto.ts';
export { pathSeries } from './path-series.ts';
export { PendingSamples } from './pending-samples.ts';
export { type RedisConnection, redisConnection } from './redis-connection.ts';
export {
  RedisFeatureWindows,
  type RedisStatus,
  type RedisWindowsOptions,
} from './redis-feature-windows.ts';
export { samplesOfMessage } from './sample-of-bytes.ts';
export {
  originFromProto,
  originToProto,
  sampleFromProto,
  sampleToProto,
} from './sample-proto.ts';
export { SampleWindow, type WindowCounters, type WindowOutcome } from './sample-window.ts';
export { samplesMessage } from './samples-message.ts';
export type { SeriesKind } from './series-kind.ts';
export { samplesBetween } from './stream-resume.ts';
export type { MemoryBounds, TableBounds, WindowBounds } from './window-bounds.ts';
export { windowRpcs } from './window-rpcs.ts';
