import { type OnsetForecaster, statisticalForecasters } from '@levitate/forecast';
import type { BurstModel } from './burst-network.ts';

/**
 * The statistical forecasters that stay beside a burst model: all but the one that it beat on its
 * own class. The periodic one always stays: it knows periods that no training had.
 */
export function statisticalBeside({ wins }: Pick<BurstModel, 'wins'>): OnsetForecaster[] {
  return statisticalForecasters().filter(({ name }) => name === 'periodic' || !wins.includes(name));
}

/**
 * The onset forecasters of one link with a burst model at hand. Without a model, or with one that
 * won no class on validation, the statistical ones serve.
 * @returns makes forecasters that know nothing yet; for `LinkForecasterOptions.newForecasters`
 */
export function servedForecasters(model: BurstModel | undefined): () => OnsetForecaster[] {
  if (model === undefined || model.wins.length === 0) return statisticalForecasters;
  return () => [...statisticalBeside(model), model.newForecaster()];
}
