import type { telemetry } from '@levitate/contracts';
import type { Client } from '@levitate/grpc-kit';
import type { PathSample } from '@levitate/series';
import { pathSampleFromProto, pathSampleToProto } from './path-sample-proto.ts';
import { originFromProto } from './sample-proto.ts';
import type { SeriesCalls } from './series-kind.ts';

/** The asking side of `pathRpcs`. */
export function pathCalls(
  client: Client<telemetry.TelemetryServiceMethods>,
): SeriesCalls<PathSample> {
  return {
    push(samples, options) {
      return client.pushPathSamples({ samples: samples.map(pathSampleToProto) }, options);
    },
    async read(path, options) {
      const { samples } = await client.getPathWindow({ path }, options);
      return samples.map((sample) => pathSampleFromProto(sample));
    },
    async list(options) {
      const { paths } = await client.listPaths({}, options);
      return paths.map(({ path: name, origin, ...counts }) => ({
        name,
        origin: originFromProto(origin) ?? 'push',
        ...counts,
      }));
    },
    async *stream({ names, backlog }, options) {
      const messages = client.streamPathSamples({ paths: [...names], backlog }, options);
      for await (const message of messages) {
        const samples = message.samples.map((sample) => pathSampleFromProto(sample));
        yield { samples, lost: message.lost };
      }
    },
  };
}
