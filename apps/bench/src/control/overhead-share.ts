import { cpuUsage } from 'node:process';
import { resourceTypes } from '@levitate/control';
import { controlPeriodMs } from '@levitate/queueing';
import type { TrialRunner } from './trial-runner.ts';

/** Times that each trial is replayed: about a second of the controller's own work. */
const replays = 20;

/**
 * CPU time of the controller alone, as a share of one core, at ten decisions a second for one
 * target: what ours did in a trial is told to it again, without the simulated resource. The first
 * replay warms it up and does not count.
 * @param kindOf of the trial of each resource; a resource without one is left out
 * @returns the share of the dearest resource, and of each
 */
export function overheadShares(
  runner: TrialRunner,
  kindOf: (resource: (typeof resourceTypes)[number]) => string | undefined,
): { worst: number; byResource: Record<string, number> } {
  const byResource: Record<string, number> = {};
  for (const resource of resourceTypes) {
    const kind = kindOf(resource);
    if (kind === undefined) continue;
    const { readings, open } = runner.replay({ resource, kind, part: 'training', index: 0 });
    const replay = () => {
      const policy = open();
      for (const reading of readings) policy(reading);
    };
    replay();
    const before = cpuUsage();
    for (let turn = 0; turn < replays; turn++) replay();
    const { user, system } = cpuUsage(before);
    const simulatedMs = replays * readings.length * controlPeriodMs;
    byResource[resource] = (user + system) / 1000 / simulatedMs;
  }
  return { worst: Math.max(...Object.values(byResource)), byResource };
}
