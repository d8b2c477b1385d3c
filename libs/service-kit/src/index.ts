export { type ConfigFault, faultLine } from './config-fault.ts';
export {
  type Configurable,
  defaultStateDirectory,
  type LoadedConfig,
  loadConfig,
  type ProcessInput,
} from './load-config.ts';
export type { Logger } from './logger.ts';
export { type OpsSources, registerOps } from './ops-routes.ts';
export {
  type ConfigSchema,
  type ConfigSources,
  type Origins,
  type ParsedConfig,
  type Presets,
  parseConfig,
} from './parse-config.ts';
export { type Component, Readiness } from './readiness.ts';
export { replaceDurably } from './replace-durably.ts';
export {
  exitCodes,
  type RunningService,
  runService,
  type ServiceContext,
  type ServiceDefinition,
} from './run-service.ts';
export {
  type CommonConfig,
  commonConfig,
  listenAddress,
  type PresetName,
  tlsFilesOf,
} from './service-keys.ts';
export { keepPausesShort } from './short-pauses.ts';
export { type AppendBounds, StateDirectory } from './state-directory.ts';
export { StateDirectoryError, type StateDirectoryErrorCode } from './state-directory-error.ts';
export { keepYoungObjectsYoung, serviceNodeArguments } from './steady-heap.ts';
export { systemClock } from './system-clock.ts';
