export { type PlacedGains, placeGains } from './gain-placement.ts';
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
export { Optomechanical, type OptomechanicalOptions } from './optomechanical.ts';
export { PeakNeed, type PeakNeedOptions } from './peak-need.ts';
