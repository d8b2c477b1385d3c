export { FeatureWindowsError, type FeatureWindowsErrorCode } from './errors.ts';
export {
  type AppendOutcome,
  batchSamplesMax,
  type FeatureWindows,
  type FollowBatch,
  type FollowOptions,
  type LinkSummary,
} from './feature-windows.ts';
export {
  type ConnectionState,
  GrpcFeatureWindows,
  type GrpcWindowsOptions,
} from './grpc-feature-windows.ts';
export { type KeepFollowingOptions, keepFollowing } from './keep-following.ts';
export {
  defaultWindowBounds,
  LinkWindow,
  type WindowBounds,
  type WindowCounters,
  type WindowOutcome,
} from './link-window.ts';
export {
  defaultMemoryBounds,
  type MemoryBounds,
  MemoryFeatureWindows,
} from './memory-feature-windows.ts';
export { type FollowedSourceOptions, openFollowedSource } from './open-followed-source.ts';
export { type RedisConnection, redisConnection } from './redis-connection.ts';
export {
  RedisFeatureWindows,
  type RedisStatus,
  type RedisWindowsOptions,
} from './redis-feature-windows.ts';
export {
  originFromProto,
  originToProto,
  sampleFromProto,
  sampleToProto,
} from './sample-proto.ts';
export { samplesBetween } from './stream-resume.ts';
export { windowRpcs } from './window-rpcs.ts';
