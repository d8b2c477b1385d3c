import type { predictor } from '@levitate/contracts';
import { pathSampleFromProto } from '@levitate/feature-windows';
import type { Handlers } from '@levitate/grpc-kit';
import { unknownPath } from '../errors.ts';
import type { NamedStreams } from '../named-streams.ts';
import type { BandwidthEngine } from './bandwidth-engine.ts';
import { bandwidthToProto } from './bandwidth-proto.ts';
import type { PathBook } from './path-book.ts';
import { HORIZON_STEPS, pathWindow } from './path-window.ts';

/** `levitate.predictor.v1.BandwidthService`, one thin handler per RPC. */
export function bandwidthRpcs(parts: {
  book: PathBook;
  engine: BandwidthEngine;
  streams: NamedStreams<predictor.BandwidthForecastInit>;
}): Handlers<predictor.BandwidthServiceMethods> {
  const { book, engine, streams } = parts;
  return {
    streamBandwidth({ paths }, { signal }) {
      const first = book.all().map(bandwidthToProto);
      return messagesOf(streams.open({ names: paths, first, signal }));
    },
    getBandwidth({ path }) {
      const latest = book.latest(path);
      if (latest === undefined) throw unknownPath(path);
      return { forecast: bandwidthToProto(latest) };
    },
    async forecastBandwidth({ windows, horizonSteps, trafficClass }, call) {
      const asked = windows.map(({ samples }) => samples.map((one) => pathSampleFromProto(one)));
      const forecasts = await engine.forecast(
        asked.map((samples) => pathWindow(samples)),
        { ...call, trafficClass },
      );
      return {
        forecasts: forecasts.map((forecast, index) => {
          const samples = asked[index] ?? [];
          return bandwidthToProto({
            path: samples[0]?.path ?? '',
            madeUnixMs: samples.at(-1)?.timeUnixMs ?? 0,
            forecast,
            trafficClass,
            steps: horizonSteps || HORIZON_STEPS,
          });
        }),
      };
    },
  };
}

async function* messagesOf(
  stream: AsyncIterable<{ items: predictor.BandwidthForecastInit[]; lost: number }>,
): AsyncGenerator<predictor.StreamBandwidthResponseInit, void, undefined> {
  for await (const { items, lost } of stream) yield { forecasts: items, lost };
}
