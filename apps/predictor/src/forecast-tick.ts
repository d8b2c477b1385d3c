import type { Clock } from '@levitate/clock';
import type { BurstForecast } from '@levitate/forecast';
import type { ForecastBook } from './forecast-book.ts';
import { forecastToProto } from './forecast-proto.ts';
import type { ForecastStreams } from './forecast-streams.ts';
import { inTurns } from './in-turns.ts';
import type { LinkForecasts } from './link-forecasts.ts';
import type { PredictorMetrics } from './metrics.ts';

/**
 * What the loop does every interval: forecasts all links in turns, then tells the streams of all of
 * them at once. A tick that comes before the last one is through is left out.
 */
export function forecastTick(parts: {
  book: Pick<ForecastBook, 'due'>;
  metrics: Pick<PredictorMetrics, 'tick'>;
  streams: Pick<ForecastStreams, 'publish'>;
  clock: Clock;
  signal: AbortSignal;
}): () => void {
  const { book, metrics, streams, clock, signal } = parts;
  let isTicking = false;
  const tick = async () => {
    if (isTicking) return;
    isTicking = true;
    const nowMs = clock.monotonicMs();
    const forecasts: BurstForecast[] = [];
    let workMs = 0;
    const forecast = (link: LinkForecasts) => {
      const startMs = clock.monotonicMs();
      forecasts.push(link.forecast(nowMs));
      workMs += clock.monotonicMs() - startMs;
    };
    try {
      await inTurns(book.due(nowMs), forecast, { clock, signal });
      metrics.tick(forecasts, workMs / 1000);
      streams.publish(forecasts.map(forecastToProto));
    } finally {
      isTicking = false;
    }
  };
  return () => void tick();
}
