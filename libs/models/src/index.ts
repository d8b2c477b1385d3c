export {
  type BandwidthSet,
  type BandwidthSetName,
  bandwidthSets,
} from './bandwidth/bandwidth-sets.ts';
export { type BandwidthTrace, type PathSeries, pathSeries } from './bandwidth/bandwidth-trace.ts';
export {
  type BandwidthWindow,
  eachWindow,
  HORIZON,
  SEQUENCE,
} from './bandwidth/bandwidth-windows.ts';
export { readBandwidthTraces } from './bandwidth/read-bandwidth-traces.ts';
export { type SplitPart, splitRule, splitTraces } from './bandwidth/split-traces.ts';
export { type ForecastOutcome, wape } from './bandwidth/wape.ts';
export {
  type Capability,
  type Manifest,
  manifestSchema,
  modelId,
  parseManifest,
} from './manifest.ts';
export { ModelError, type ModelErrorCode } from './model-error.ts';
export { loadModelFile, type ModelFile, type StoredParameter } from './model-file.ts';
export { type ManifestDraft, writeModelFile } from './write-model-file.ts';
