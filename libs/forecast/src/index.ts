export type {
  AbstainReason,
  BurstForecast,
  BurstForecaster,
  ObservedSample,
  Quantiles,
} from './burst-forecast.ts';
