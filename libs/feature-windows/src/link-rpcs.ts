import type { telemetry } from '@levitate/contracts';
import { type Handlers, RpcError } from '@levitate/grpc-kit';
import { answered } from './answered.ts';
import type { AppendOutcome, FeatureWindows } from './feature-windows.ts';
import { originToProto, sampleFromProto, sampleToProto } from './sample-proto.ts';
import { samplesMessage } from './samples-message.ts';

/** The RPCs of the telemetry service that are about links. */
export type LinkMethods = Pick<
  telemetry.TelemetryServiceMethods,
  'pushSamples' | 'getWindow' | 'streamSamples' | 'listLinks'
>;

/**
 * Serves the windows of links. A push that was refused in part is answered with its four counts:
 * the rest of it was taken, and sending it again would change nothing. One that was refused as a
 * whole is an error, so that a client that reads no counts learns of it too.
 */
export function linkRpcs(windows: FeatureWindows): Handlers<LinkMethods> {
  return {
    async pushSamples({ samples }) {
      const pushed = samples.map((sample) => sampleFromProto(sample, 'push'));
      const outcome = await answered(windows.append(pushed));
      const { accepted, duplicate, late, refused } = outcome;
      if (refused > 0 && refused === pushed.length) throw tooManyLinks(outcome);
      return { accepted, duplicate, late, refused };
    },
    async getWindow({ link }) {
      const samples = await answered(windows.read(link));
      return { samples: samples.map(sampleToProto) };
    },
    async *streamSamples({ links, backlog }, { signal }) {
      for await (const batch of windows.follow({ names: links, backlog, signal })) {
        yield samplesMessage(batch.samples, batch.lost);
      }
    },
    async listLinks() {
      const links = await answered(windows.summaries());
      return {
        links: links.map(({ name: link, origin, ...counts }) => ({
          link,
          origin: originToProto[origin],
          ...counts,
        })),
      };
    },
  };
}

/** Reason of a push that was refused as a whole; the metadata carries the four counts. */
export const tooManyLinksReason = 'TOO_MANY_LINKS';

function tooManyLinks(outcome: AppendOutcome): RpcError {
  const { accepted, duplicate, late, refused } = outcome;
  const counts = { accepted, duplicate, late, refused };
  return new RpcError({
    code: 'RESOURCE_EXHAUSTED',
    reason: tooManyLinksReason,
    message: `all ${refused} samples are of new links beyond limits.links_max; raise it`,
    metadata: Object.fromEntries(
      Object.entries(counts).map(([name, count]) => [name, String(count)]),
    ),
  });
}
