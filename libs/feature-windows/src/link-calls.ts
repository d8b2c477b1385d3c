import type { telemetry } from '@levitate/contracts';
import { type Client, RpcError } from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import type { AppendOutcome } from './feature-windows.ts';
import { tooManyLinksReason } from './link-rpcs.ts';
import { samplesOfMessage } from './sample-of-bytes.ts';
import { originFromProto, sampleFromProto, sampleToProto } from './sample-proto.ts';
import type { SeriesCalls } from './series-kind.ts';

/** The asking side of `linkRpcs`. */
export function linkCalls(client: Client<telemetry.TelemetryServiceMethods>): SeriesCalls<Sample> {
  return {
    async push(samples, options) {
      try {
        const request = { samples: samples.map(sampleToProto) };
        return await client.pushSamples(request, options);
      } catch (error) {
        const outcome = refusedOutcome(error);
        if (outcome === undefined) throw error;
        return outcome;
      }
    },
    async read(link, options) {
      const { samples } = await client.getWindow({ link }, options);
      return samples.map((sample) => sampleFromProto(sample));
    },
    async list(options) {
      const { links } = await client.listLinks({}, options);
      return links.map(({ link: name, origin, ...counts }) => ({
        name,
        origin: originFromProto(origin) ?? 'push',
        ...counts,
      }));
    },
    async *stream({ names, backlog }, options) {
      const request = { links: [...names], backlog };
      for await (const { bytes, decode } of client.streamSamples.encoded(request, options)) {
        const batch = samplesOfMessage(bytes);
        if (batch !== undefined) {
          yield batch;
          continue;
        }
        const { samples, lost } = decode();
        yield { samples: samples.map((sample) => sampleFromProto(sample)), lost };
      }
    },
  };
}

/** A telemetry of the release before answers so what it refused in part, too. */
function refusedOutcome(error: unknown): AppendOutcome | undefined {
  if (!(error instanceof RpcError) || error.reason !== tooManyLinksReason) return undefined;
  const count = (name: string): number => Number(error.metadata[name] ?? 0);
  return {
    accepted: count('accepted'),
    duplicate: count('duplicate'),
    late: count('late'),
    refused: count('refused'),
  };
}
