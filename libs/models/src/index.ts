export {
  type BandwidthBaseline,
  bandwidthBaselines,
  LAST_VALUE,
} from './bandwidth/bandwidth-baselines.ts';
export {
  bestBaseline,
  evaluateBandwidth,
  LEARNED_BANDWIDTH,
  type SetEvaluation,
  skillOf,
} from './bandwidth/bandwidth-evaluation.ts';
export type { LearnedInputs } from './bandwidth/bandwidth-features.ts';
export {
  BandwidthForecaster,
  bandwidthMembers,
  openBandwidthModel,
} from './bandwidth/bandwidth-forecaster.ts';
export { bandwidthManifest, bandwidthWinner } from './bandwidth/bandwidth-manifest.ts';
export { bandwidthSpec, SERVED_STEPS } from './bandwidth/bandwidth-network.ts';
export type { BandwidthForecast, BandwidthQuantiles } from './bandwidth/bandwidth-outputs.ts';
export { type BandwidthSetName, bandwidthSets } from './bandwidth/bandwidth-sets.ts';
export {
  type BandwidthTaskOptions,
  type BandwidthVariant,
  bandwidthTaskModule,
} from './bandwidth/bandwidth-task.ts';
export type { BandwidthTrace, PathSeries } from './bandwidth/bandwidth-trace.ts';
export {
  type BandwidthWindow,
  eachWindow,
  HORIZON,
  SEQUENCE,
} from './bandwidth/bandwidth-windows.ts';
export { calibrateBandwidth } from './bandwidth/calibrate-bandwidth.ts';
export { windowBefore } from './bandwidth/cut-series.ts';
export { learnedInputs } from './bandwidth/learned-inputs.ts';
export { readBandwidthTraces } from './bandwidth/read-bandwidth-traces.ts';
export { type SplitPart, splitRule, splitTraces } from './bandwidth/split-traces.ts';
export { wape } from './bandwidth/wape.ts';
export { buildNetwork, checkFeatures } from './build-network.ts';
export {
  BurstCorpus,
  type CorpusClass,
  generateCorpus,
  writeCorpus,
} from './burst/burst-corpus.ts';
export {
  HAZARD_BINS,
  HEAD_OUTPUTS,
  MAGNITUDE_LEVELS,
  readBurstHead,
} from './burst/burst-head.ts';
export { type BurstModel, LEARNED_FORECASTER, openBurstModel } from './burst/burst-network.ts';
export {
  BURST_STEPS,
  type BurstTaskOptions,
  burstLstmSpec,
  burstTaskModule,
  burstTransformerSpec,
} from './burst/burst-task.ts';
export type { BurstTrace } from './burst/burst-trace.ts';
export {
  chooseAnnounceFrom,
  fitBurstCalibration,
  type JudgedSecond,
  judgeTrace,
  statedProbabilities,
  tallyClaims,
} from './burst/burst-validation.ts';
export { ClaimTally, COUNTED_FROM_BURST, type SecondForecast } from './burst/claim-tally.ts';
export {
  type GeneratedLink,
  type GeneratedLinkOptions,
  generatedLink,
} from './burst/generated-link.ts';
export {
  LearnedOnsetForecaster,
  type LearnedOnsetSettings,
} from './burst/learned-onset-forecaster.ts';
export {
  fitLogistic,
  type LogisticModel,
  type LogisticRows,
  logisticScore,
  sigmoid,
} from './burst/logistic-regression.ts';
export { type OnsetScore, onsetRivals } from './burst/requests/onset-rivals.ts';
export { type RankedOutcome, RankedScores } from './burst/requests/ranked-scores.ts';
export { type RequestDay, requestDay, scoredSeconds } from './burst/requests/request-day.ts';
export { requestFeatureNames } from './burst/requests/request-features.ts';
export {
  isRequestOnsets,
  openRequestOnsets,
  REQUEST_ONSETS,
  type RequestOnsets,
  requestOnsetParameters,
} from './burst/requests/request-onset-file.ts';
export { RequestOnsetForecaster } from './burst/requests/request-onset-forecaster.ts';
export {
  RequestOnsetModel,
  type RequestOnsetRecipe,
} from './burst/requests/request-onset-model.ts';
export { BURST_FEATURES, burstFeatures } from './burst/second-features.ts';
export { servedForecasters, statisticalBeside } from './burst/served-forecasters.ts';
export {
  equalPieces,
  LINK_SECONDS_MIN,
  labelledBursts,
} from './dataset/dataset-bursts.ts';
export { DatasetError } from './dataset/dataset-error.ts';
export {
  type DatasetManifest,
  type DatasetOnset,
  type DatasetPart,
  datasetParts,
} from './dataset/dataset-manifest.ts';
export {
  type LabelledLink,
  readDatasetLinks,
  readDatasetManifest,
} from './dataset/read-dataset.ts';
export {
  importKerasBandwidth,
  type KerasBandwidthOptions,
} from './keras/import-keras-bandwidth.ts';
export { importKerasFile, type KerasDraft } from './keras/import-keras-file.ts';
export { openImportedBandwidth } from './keras/open-imported-bandwidth.ts';
export { type KerasModel, readKerasFile } from './keras/read-keras-file.ts';
export { coherenceOf, coherenceOfProbabilities } from './liquid/coherence.ts';
export { EnergyAllowance } from './liquid/energy-allowance.ts';
export {
  type EnergyDecision,
  EnergyGovernor,
  energyMicrojoules,
} from './liquid/energy-governor.ts';
export { generatedPath, generatedPathKinds, generatedPaths } from './liquid/generated-path.ts';
export { type LiquidDraftOptions, liquidDraft } from './liquid/liquid-draft.ts';
export { LiquidEnsemble, type LiquidEnsembleOptions } from './liquid/liquid-ensemble.ts';
export { type LiquidSpec, liquidSpecSchema } from './liquid/liquid-spec.ts';
export {
  openLstmRival,
  rivalForecasts,
  rivalParameters,
  rivalSpec,
  rivalUnits,
  trainLstmRival,
} from './liquid/lstm-rival.ts';
export { openLiquidModel, storedParameters } from './liquid/open-liquid-model.ts';
export { type PathSenses, pathInputs } from './liquid/path-features.ts';
export { observationsOfPath, pathFeatureNames } from './liquid/path-observation.ts';
export { bootstrapped, PathSampler, type PathSource } from './liquid/path-sampler.ts';
export { meanForecast, type ScoredWindow, scoredWindows } from './liquid/path-score.ts';
export { type CoherentOutcome, type RiskPoint, riskCoverage } from './liquid/risk-coverage.ts';
export { LIQUID, type LiquidSetScore, LSTM, scoreLiquid } from './liquid/score-liquid.ts';
export { targetVariance } from './liquid/target-variance.ts';
export {
  type LiquidMemberSize,
  memberConfig,
  trainLiquidMember,
} from './liquid/train-liquid-member.ts';
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
export {
  ModelRegistry,
  modelNames,
  type RegistryEntry,
  type RegistryEvent,
} from './model-registry.ts';
export {
  atEqualReserve,
  RESERVE_SHARE,
  runWanted,
  UNCOUNTED_SECONDS,
} from './reserve/equal-reserve.ts';
export {
  cutSeries,
  JUDGED_DELAYS_S,
  judgedParts,
  REQUEST_KINDS,
  type RequestKind,
  type RequestPart,
  type RequestSeries,
  readRequestSeries,
  requestFiles,
  splitRequestSeries,
} from './reserve/request-series.ts';
export { reserveFeatures } from './reserve/reserve-features.ts';
export {
  type DemandSeries,
  openReserveModel,
  RESERVE_PRICES,
  ReserveModel,
  type ReserveMoments,
} from './reserve/reserve-network.ts';
export {
  learnedPolicy,
  reactivePolicies,
  type TunedPolicy,
  tune,
} from './reserve/reserve-policies.ts';
export { type ReserveCorpus, trainReserve } from './reserve/train-reserve.ts';
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
