export { buildNetwork, checkFeatures } from './build-network.ts';
export {
  type GeneratedLink,
  type GeneratedLinkOptions,
  generatedLink,
} from './burst/generated-link.ts';
export {
  fitLogistic,
  type LogisticModel,
  type LogisticRows,
  logisticScore,
  sigmoid,
} from './burst/logistic-regression.ts';
export {
  type Capability,
  type Manifest,
  manifestSchema,
  modelId,
  parseManifest,
} from './manifest.ts';
export { ModelError, type ModelErrorCode } from './model-error.ts';
export {
  loadModelFile,
  type ModelContent,
  type ModelFile,
  openModelContent,
  parameterCount,
  type StoredParameter,
} from './model-file.ts';
export { ModelRegistry, type RegistryEntry, type RegistryEvent } from './model-registry.ts';
export type {
  BandwidthModel,
  EnsembleOutputs,
  LiquidModel,
  ModelOpener,
  ObservationWindow,
  PathForecast,
  PathWindow,
  ServedModel,
} from './served-model.ts';
export { type ManifestDraft, writeModelFile } from './write-model-file.ts';
