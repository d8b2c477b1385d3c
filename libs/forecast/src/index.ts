export { abstainWords } from './abstain-words.ts';
export { binomialTailP, clopperPearson } from './binomial.ts';
export { brierScore, brierSkill, type StatedProbability } from './brier.ts';
export type {
  AbstainReason,
  BurstForecast,
  ObservedSample,
  Quantiles,
} from './burst-forecast.ts';
export { type ChoiceOptions, chooseBySkill, type RunningLoss } from './choose-by-skill.ts';
export { type Claim, ClaimLedger, type ClaimLedgerOptions } from './claim-ledger.ts';
export { type ClaimScore, ClaimScorer, type ClaimScorerOptions } from './claim-scorer.ts';
export { DriftAlarm, type DriftAlarmOptions } from './drift-alarm.ts';
export {
  type CalibrationBin,
  calibrationBins,
  expectedCalibrationError,
} from './expected-calibration-error.ts';
export { type Band, ForecasterRace, type ForecasterRaceOptions } from './forecaster-race.ts';
export { type HoltWintersOptions, holtWinters } from './holt-winters.ts';
export type { HoltWintersWeights } from './holt-winters-state.ts';
export {
  applyIsotonic,
  fitIsotonic,
  type IsotonicMap,
  type ScoredOutcome,
} from './isotonic-map.ts';
export { LevelChoice, type LevelChoiceOptions, levelForecasters } from './level-choice.ts';
export { LEVEL_MAX, type LevelForecaster } from './level-forecaster.ts';
export { LevelScore, type LevelScoreOptions, type StepScore, skill } from './level-score.ts';
export { type LinearOptions, linear, nlinear } from './linear.ts';
export {
  type ForecasterRecord,
  LinkForecaster,
  type LinkForecasterOptions,
  statisticalForecasters,
} from './link-forecaster.ts';
export type { OnsetForecast, OnsetForecaster } from './onset-forecast.ts';
export { detectPeriod, type Period, type PeriodOptions } from './period.ts';
export { PeriodWatch, type PeriodWatchOptions } from './period-watch.ts';
export { PeriodicForecaster } from './periodic.ts';
export { persistence } from './persistence.ts';
export { applyPlatt, fitPlatt, type PlattMap } from './platt-map.ts';
export { PrecursorForecaster } from './precursor.ts';
export type { LevelOptions } from './prequential-forecaster.ts';
export { type EwmaOptions, ewma, harmonicMean } from './running-means.ts';
export { type SeasonalNaiveOptions, seasonalNaive } from './seasonal-naive.ts';
