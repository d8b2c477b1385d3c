export {
  addressText,
  type HaproxyAddress,
  type HaproxySource,
  haproxyName,
  readHaproxySource,
} from './haproxy-address.ts';
export {
  HaproxyBackend,
  type HaproxyBackendFound,
  type HaproxyBackendOptions,
  type HaproxyMeasurement,
} from './haproxy-backend.ts';
export { HaproxyError, type HaproxyErrorCode } from './haproxy-error.ts';
export type { ProcessInfo, ServerState, TrafficRow } from './read-answers.ts';
export {
  type AddedServer,
  type BackendState,
  RuntimeApi,
  type RuntimeApiOptions,
  type ServerAdminState,
} from './runtime-api.ts';
