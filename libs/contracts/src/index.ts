export { contracts, messages } from './contracts.ts';
export { enumWord } from './enum-word.ts';
export { type FieldViolation, violationsMax } from './field-violation.ts';
export type * as ebpfAgent from './generated/ebpf_agent.v1.ts';
export type * as fsuController from './generated/fsu_controller.v1.ts';
export type * as managedResource from './generated/managed_resource.v1.ts';
export type * as predictor from './generated/predictor.v1.ts';
export type * as telemetry from './generated/telemetry.v1.ts';
export {
  decisionsMax,
  filterNamesMax,
  gainMax,
  horizonStepsMax,
  leaseTtlMs,
  limitBytesMax,
  linksOfCallMax,
  nameLengthMax,
  observationValuesMax,
  pathWindowSamplesMax,
  pauseSecondsMax,
  pushSamplesMax,
  reasonLengthMax,
  windowSamplesMax,
  windowsOfCallMax,
} from './limits.ts';
export { type LinkActuator, linkActuator } from './link-actuator.ts';
export { protoRoot } from './load-definitions.ts';
export type { MessageCodec } from './message-codec.ts';
export { missesLease } from './misses-lease.ts';
export type {
  Method,
  MethodMap,
  ServerStream,
  ServiceContract,
  Unary,
} from './service-contract.ts';
