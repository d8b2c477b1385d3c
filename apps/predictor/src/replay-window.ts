import { setImmediate as turn } from 'node:timers/promises';
import type { BurstForecast } from '@levitate/forecast';
import type { Sample } from '@levitate/series';
import { ForecastBook } from './forecast-book.ts';
import type { Forecaster } from './link-forecasts.ts';

/**
 * The forecast at the end of a window that a caller brings, by a forecaster that has seen nothing
 * else. Gives way to other work every `CHUNK` samples, about 5 ms.
 * @param window samples of one link in time order, at least one
 */
export async function replayWindow(options: {
  window: readonly Sample[];
  newForecaster: (link: string) => Forecaster;
  signal: AbortSignal;
}): Promise<BurstForecast> {
  const { window, newForecaster, signal } = options;
  let failure: unknown;
  const book = new ForecastBook({
    newForecaster,
    linksMax: 1,
    staleAfterMs: Number.POSITIVE_INFINITY,
    forgetAfterMs: Number.POSITIVE_INFINITY,
    onFailure: (_, error) => {
      failure ??= error;
    },
  });
  for (let start = 0; start < window.length; start += CHUNK) {
    signal.throwIfAborted();
    book.learn(window.slice(start, start + CHUNK), 0);
    await turn();
  }
  const [forecast] = book.tick(0);
  if (failure !== undefined) throw failure;
  if (forecast === undefined) throw new TypeError('a window without a believable sample');
  return forecast;
}

const CHUNK = 500;
