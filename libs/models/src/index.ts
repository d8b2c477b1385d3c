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
