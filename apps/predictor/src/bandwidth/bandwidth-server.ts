import type { ModelFile } from '@levitate/models';
import { type BaselineName, baselineOf } from './baselines.ts';

/** Who forecasts a class of traffic. */
export type BandwidthServer =
  | { readonly kind: 'model'; readonly file: ModelFile; readonly name: string }
  | { readonly kind: 'baseline'; readonly name: BaselineName; readonly why: string };

/** Class whose winner serves where the caller names none. */
const ALL = 'all';

/**
 * The winner of a class by validation score. Without a class: the one over all classes, or, where
 * a manifest states none, the winner of most of them.
 * @param models of the bandwidth capability
 * @param demoted names whose online score has fallen behind
 */
export function serverOf(
  models: readonly ModelFile[],
  trafficClass: string,
  demoted: ReadonlySet<string> = new Set(),
): BandwidthServer {
  if (models.length === 0) return baseline('persistence', 'no-model');
  let second: BandwidthServer | undefined;
  for (const file of models) {
    const winner = winnerOf(file, trafficClass);
    if (winner === undefined) continue;
    const simple = baselineOf(winner);
    if (simple !== undefined) second ??= baseline(simple, 'baseline-won');
    else if (demoted.has(file.id)) second ??= baseline('persistence', 'model-demoted');
    else return { kind: 'model', file, name: file.id };
  }
  return second ?? baseline('persistence', 'unknown-class');
}

function winnerOf({ manifest }: ModelFile, trafficClass: string): string | undefined {
  const { classes } = manifest;
  const stated = classes[trafficClass === '' ? ALL : trafficClass];
  if (stated !== undefined || trafficClass !== '') return stated?.winner;
  const wins = new Map<string, number>();
  for (const { winner } of Object.values(classes)) wins.set(winner, (wins.get(winner) ?? 0) + 1);
  return [...wins].sort(([, one], [, other]) => other - one)[0]?.[0];
}

function baseline(name: BaselineName, why: string): BandwidthServer {
  return { kind: 'baseline', name, why };
}
