import type { telemetry } from '@levitate/contracts';
import { type Handlers, RpcError } from '@levitate/grpc-kit';
import { FeatureWindowsError } from './errors.ts';
import type { AppendOutcome, FeatureWindows } from './feature-windows.ts';
import { originToProto, sampleFromProto, sampleToProto } from './sample-proto.ts';

/** The serving side of `GrpcFeatureWindows`: `levitate.telemetry.v1.TelemetryService`. */
export function windowRpcs(windows: FeatureWindows): Handlers<telemetry.TelemetryServiceMethods> {
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
      for await (const batch of windows.follow({ links, backlog, signal })) {
        yield { samples: batch.samples.map(sampleToProto), lost: batch.lost };
      }
    },
    async listLinks() {
      const links = await answered(windows.links());
      return { links: links.map((link) => ({ ...link, origin: originToProto[link.origin] })) };
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

async function answered<Value>(promise: Promise<Value>): Promise<Value> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof FeatureWindowsError)) throw error;
    const { code, message } = error;
    throw new RpcError({
      code: code === 'malformed' ? 'INVALID_ARGUMENT' : 'UNAVAILABLE',
      reason: `WINDOWS_${code.toUpperCase()}`,
      message,
      cause: error,
    });
  }
}
