export { binomialTailP, clopperPearson } from './binomial.ts';
export type {
  AbstainReason,
  BurstForecast,
  ObservedSample,
  Quantiles,
} from './burst-forecast.ts';
export { type Claim, ClaimLedger, type ClaimLedgerOptions } from './claim-ledger.ts';
export { type ClaimScore, ClaimScorer, type ClaimScorerOptions } from './claim-scorer.ts';
