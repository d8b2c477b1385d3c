export { type AnomalyOptions, AtLimit, ForecastAnomaly } from './anomaly.ts';
export {
  BalancerRotation,
  type BalancerServer,
  balancerServersMax,
} from './balancer/balancer-rotation.ts';
export { type Candidate, chooseRotation } from './balancer/choose-rotation.ts';
export { type ServerPeriod, ServerSpeed } from './balancer/server-speed.ts';
export {
  Canary,
  type CanaryEvent,
  type CanaryOptions,
  type CanaryPhase,
  type CanaryRecord,
  type CanaryStage,
  canaryStagesDefault,
} from './canary/canary.ts';
export { type CanaryReading, CanarySide, type CanarySideRecord } from './canary/canary-side.ts';
export { ForecastGate, type ForecastUnused } from './forecast-gate.ts';
export { HeapRoom, type HeapRoomOptions, type HeapState } from './heap-room.ts';
export { Aimd, type AimdOptions } from './laws/aimd.ts';
export { Coherent } from './laws/coherent.ts';
export { DoubleDecay, type DoubleDecayOptions } from './laws/double-decay.ts';
export { type PlacedGains, placeGains } from './laws/gain-placement.ts';
export { Gradient2, type Gradient2Options } from './laws/gradient2.ts';
export { HeldPeak } from './laws/held-peak.ts';
export {
  type Gains,
  type Law,
  type LawInput,
  type LawOutput,
  type LawReason,
  normalGains,
  preExpansionGains,
  type ResourceState,
} from './laws/law.ts';
export { LawChoice, type LawChoiceOptions, type LawSetting } from './laws/law-choice.ts';
export {
  type LawName,
  type LawOptions,
  lawNames,
  openLaw,
  physicsModels,
} from './laws/open-law.ts';
export { openRule, type RuleOptions } from './laws/open-rule.ts';
export { Optomechanical, type OptomechanicalOptions } from './laws/optomechanical.ts';
export { Parametric, type ParametricOptions } from './laws/parametric.ts';
export { PeakNeed, type PeakNeedOptions } from './laws/peak-need.ts';
export { Pid, type PidOptions } from './laws/pid.ts';
export type { SizingOptions } from './laws/sizing-options.ts';
export { StaticLaw } from './laws/static-law.ts';
export { RecommendedDrops, type RecommendedDropsReading } from './recommended-drops.ts';
export { RecommendedSize } from './recommended-size.ts';
export {
  type ResourceDefaults,
  type ResourceType,
  resourceDefaults,
  resourceTypes,
} from './resource-defaults.ts';
export {
  type ChangeBar,
  type GovernorDecision,
  type GovernorReason,
  type GovernorSettings,
  type ResourceFacts,
  ResourceGovernor,
  type ResourceMeasurement,
} from './resource-governor.ts';
export { ChangeAllowance, type ChangeAllowanceOptions } from './safety/change-allowance.ts';
export {
  type BreakerOutcome,
  type BreakerState,
  CircuitBreaker,
  type CircuitBreakerOptions,
} from './safety/circuit-breaker.ts';
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
} from './safety/envelope.ts';
export { KillSwitch, type Pause, pauseMsMax } from './safety/kill-switch.ts';
export {
  Lease,
  type LeaseClaim,
  type LeaseOutcome,
  type LeaseRecord,
  type LeaseRefusal,
  leaseTtlMsMax,
  leaseTtlMsMin,
} from './safety/lease.ts';
export { type Mode, type ModePermits, modePermits } from './safety/mode.ts';
export {
  type Original,
  Originals,
  type OriginalsRecord,
  originalsMax,
  type Restoration,
} from './safety/originals.ts';
export { refusalWords } from './safety/refusal-words.ts';
export {
  levelRoom,
  planReserve,
  type Reserve,
  type ReserveOptions,
  type ResourceKind,
} from './setpoint.ts';
export type { Estimate } from './shadow-lane.ts';
export {
  type ShadowLaneReading,
  ShadowQueue,
  type ShadowQueueOptions,
  type ShadowReading,
} from './shadow-queue.ts';
export {
  type AnnouncedBurst,
  type MemoryClaim,
  type SharedMemoryState,
  shareMemory,
} from './shared-memory.ts';
export {
  type DecisionReason,
  TargetController,
  type TargetDecision,
  type TargetSettings,
  type TickInput,
} from './target-controller.ts';
export { ForecastTrust, type Trust } from './trust.ts';
