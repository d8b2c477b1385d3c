import type { FeatureWindows } from '@levitate/feature-windows';
import type { PathSample } from '@levitate/series';
import { Counter, type Registry } from 'prom-client';

/** Windows of paths that count what became of every sample offered to them. */
export function countedPaths(
  windows: FeatureWindows<PathSample>,
  registry: Registry,
): FeatureWindows<PathSample> {
  const samples = new Counter({
    name: 'levitate_telemetry_path_samples_total',
    help: 'Path samples offered to the windows, by what became of them.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return {
    async append(offered) {
      const outcome = await windows.append(offered);
      for (const key of ['accepted', 'duplicate', 'late', 'refused'] as const) {
        if (outcome[key] > 0) samples.inc({ outcome: key }, outcome[key]);
      }
      return outcome;
    },
    read: (path) => windows.read(path),
    summaries: () => windows.summaries(),
    follow: (options) => windows.follow(options),
    close: () => windows.close(),
  };
}
