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

/** Serves the windows of links. */
export function linkRpcs(windows: FeatureWindows): Handlers<LinkMethods> {
  return {
    async pushSamples({ samples }) {
      const pushed = samples.map((sample) => sampleFromProto(sample, 'push'));
      const outcome = await answered(windows.append(pushed));
      if (outcome.refused > 0) throw tooManyLinks(outcome);
      const { accepted, duplicate, late } = outcome;
      return { accepted, duplicate, late };
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

/** Reason of a push that was refused in part; the metadata carries the four counts. */
export const tooManyLinksReason = 'TOO_MANY_LINKS';

function tooManyLinks(outcome: AppendOutcome): RpcError {
  const { accepted, duplicate, late, refused } = outcome;
  const counts = { accepted, duplicate, late, refused };
  return new RpcError({
    code: 'RESOURCE_EXHAUSTED',
    reason: tooManyLinksReason,
    message: `${refused} samples of new links beyond limits.links_max; ${accepted} were accepted`,
    metadata: Object.fromEntries(
      Object.entries(counts).map(([name, count]) => [name, String(count)]),
    ),
  });
}
