export { ChangeAllowance, type ChangeAllowanceOptions } from './change-allowance.ts';
export {
  type BreakerOutcome,
  type BreakerState,
  CircuitBreaker,
  type CircuitBreakerOptions,
} from './circuit-breaker.ts';
export { DoubleDecay, type DoubleDecayOptions } from './double-decay.ts';
export {
  bufferBytesMax,
  bufferBytesMin,
  Envelope,
  type EnvelopeOptions,
  type EnvelopeReason,
  type EnvelopeRequest,
  type EnvelopeVerdict,
  latencyBudgetShare,
  type Urgency,
} from './envelope.ts';
export { ForecastGate, type ForecastUnused } from './forecast-gate.ts';
export { type PlacedGains, placeGains } from './gain-placement.ts';
export { KillSwitch, type Pause, pauseMsMax } from './kill-switch.ts';
export {
  type Gains,
  type Law,
  type LawInput,
  type LawOutput,
  type LawReason,
  normalGains,
  preExpansionGains,
  type ResourceState,
} from './law.ts';
export {
  Lease,
  type LeaseClaim,
  type LeaseOutcome,
  type LeaseRecord,
  type LeaseRefusal,
  leaseTtlMsMax,
  leaseTtlMsMin,
} from './lease.ts';
export { type Mode, type ModePermits, modePermits } from './mode.ts';
export { Optomechanical, type OptomechanicalOptions } from './optomechanical.ts';
export {
  type Original,
  Originals,
  type OriginalsRecord,
  originalsMax,
  type Restoration,
} from './originals.ts';
export { PeakNeed, type PeakNeedOptions } from './peak-need.ts';
export { Pid, type PidOptions } from './pid.ts';
export {
  levelRoom,
  planReserve,
  type Reserve,
  type ReserveOptions,
  type ResourceKind,
} from './setpoint.ts';
export { StaticLaw } from './static-law.ts';
export {
  type DecisionReason,
  TargetController,
  type TargetDecision,
  type TargetSettings,
  type TickInput,
} from './target-controller.ts';
export { ForecastTrust, type Trust } from './trust.ts';
