import type { telemetry } from '@levitate/contracts';
import type { Handlers } from '@levitate/grpc-kit';
import type { PathSample } from '@levitate/series';
import { answered } from './answered.ts';
import type { FeatureWindows } from './feature-windows.ts';
import { pathSampleFromProto, pathSampleToProto } from './path-sample-proto.ts';
import { originToProto } from './sample-proto.ts';

/** The RPCs of the telemetry service that are about paths. */
export type PathMethods = Pick<
  telemetry.TelemetryServiceMethods,
  'pushPathSamples' | 'getPathWindow' | 'streamPathSamples' | 'listPaths'
>;

/**
 * Serves the windows of paths. A push that was refused in part is answered with its four counts
 * and is no error: the rest of it was taken, and sending it again would change nothing.
 */
export function pathRpcs(windows: FeatureWindows<PathSample>): Handlers<PathMethods> {
  return {
    async pushPathSamples({ samples }) {
      const pushed = samples.map((sample) => pathSampleFromProto(sample, 'push'));
      const { accepted, duplicate, late, refused } = await answered(windows.append(pushed));
      return { accepted, duplicate, late, refused };
    },
    async getPathWindow({ path }) {
      const samples = await answered(windows.read(path));
      return { samples: samples.map(pathSampleToProto) };
    },
    async *streamPathSamples({ paths, backlog }, { signal }) {
      for await (const batch of windows.follow({ names: paths, backlog, signal })) {
        yield { samples: batch.samples.map(pathSampleToProto), lost: batch.lost };
      }
    },
    async listPaths() {
      const paths = await answered(windows.summaries());
      return {
        paths: paths.map(({ name: path, origin, ...counts }) => ({
          path,
          origin: originToProto[origin],
          ...counts,
        })),
      };
    },
  };
}
