import type { predictor } from '@levitate/contracts';
import { sampleFromProto } from '@levitate/feature-windows';
import type { Handlers } from '@levitate/grpc-kit';
import { tooManyReplays, unknownLink } from './errors.ts';
import type { ForecastBook } from './forecast-book.ts';
import { forecastToProto, scoreToProto } from './forecast-proto.ts';
import type { ForecastStreams } from './forecast-streams.ts';
import type { Forecaster } from './link-forecasts.ts';
import { replayWindow } from './replay-window.ts';

/** `levitate.predictor.v1.PredictorService`, one thin handler per RPC. */
export function predictorRpcs(parts: {
  book: ForecastBook;
  streams: ForecastStreams;
  newForecaster: (link: string) => Forecaster;
  replaysMax: number;
}): Handlers<predictor.PredictorServiceMethods> {
  const { book, streams, newForecaster, replaysMax } = parts;
  let replays = 0;
  return {
    streamForecasts({ links }, { signal }) {
      const first = book.entries().flatMap(([, { latest }]) => latest ?? []);
      return streams.open({ links, first: first.map(forecastToProto), signal });
    },
    getForecast({ link }) {
      const latest = book.get(link)?.latest;
      if (latest === undefined) throw unknownLink(link);
      return { forecast: forecastToProto(latest) };
    },
    async forecastWindow({ samples }, { signal }) {
      if (replays >= replaysMax) throw tooManyReplays(replaysMax);
      replays += 1;
      try {
        const window = samples.map((sample) => sampleFromProto(sample));
        const forecast = await replayWindow({ window, newForecaster, signal });
        return { forecast: forecastToProto(forecast) };
      } finally {
        replays -= 1;
      }
    },
    listForecasters({ link }) {
      if (link !== '' && book.get(link) === undefined) throw unknownLink(link);
      const wanted = book.entries().filter(([name]) => link === '' || name === link);
      return {
        links: wanted.map(([name, { serving, scores }]) => ({
          link: name,
          serving,
          scores: scores.map(scoreToProto),
        })),
      };
    },
  };
}
