import {
  type OnsetForecaster,
  PeriodicForecaster,
  PrecursorForecaster,
  statisticalForecasters,
} from '@levitate/forecast';
import type { BurstModel } from './burst-network.ts';

/**
 * The onset forecasters of one link with a burst model at hand: the learned one takes part where it
 * won a class on validation, in the place of the forecaster that it beat there. The periodic one
 * always stays: it knows periods that no training had. Without a model, or with one that won
 * nothing, the statistical ones serve.
 * @returns makes forecasters that know nothing yet; for `LinkForecasterOptions.newForecasters`
 */
export function servedForecasters(model: BurstModel | undefined): () => OnsetForecaster[] {
  if (model === undefined || model.wins.length === 0) return statisticalForecasters;
  const precursor = model.wins.includes('precursor') ? [] : [PrecursorForecaster];
  return () => [
    new PeriodicForecaster(),
    ...precursor.map((Forecaster) => new Forecaster()),
    model.newForecaster(),
  ];
}
