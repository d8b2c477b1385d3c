import { strict as assert } from 'node:assert';
import { SeededRandom } from '@levitate/clock';
import {
  planCollapses,
  planFlat,
  planReplay,
  planSawtooth,
  planSelfSimilar,
} from './plan-backgrounds.ts';
import { planBursts } from './plan-bursts.ts';
import { type ResolvedOptions, resolveOptions, type TrafficOptions } from './traffic-options.ts';
import type { TrafficPlan } from './traffic-plan.ts';

/**
 * Plan a trace of generated traffic (SPEC appendix B): a deterministic function of the options.
 * Its own rate, decoys included, stays within 0.8 of the drain outside bursts and ramps.
 */
export function planTraffic(options: TrafficOptions): TrafficPlan {
  assert(options.durationMs > 0, `a plan needs a duration above 0 ms, got ${options.durationMs}`);
  const random = new SeededRandom(options.seed).fork(`traffic ${options.kind}`);
  const resolved = resolveOptions(options, random);
  const plan = {
    kind: options.kind,
    seed: options.seed,
    durationMs: options.durationMs,
    packetBytes: resolved.packetBytes,
    basePps: resolved.basePps,
    backgroundBytesPerSecond: resolved.backgroundBytesPerSecond,
    drainBytesPerSecond: resolved.drainBytesPerSecond,
    bursts: [],
    upwardEdgesMs: [],
    drainFactor: [],
  };
  switch (options.kind) {
    case 'periodic':
    case 'precursor':
    case 'random':
      assertRoomForDecoys(resolved);
      return { ...plan, ...planBursts(resolved, random) };
    case 'self-similar':
      return { ...plan, rate: planSelfSimilar(resolved, random.fork('sources')) };
    case 'flat':
      return { ...plan, rate: planFlat(resolved) };
    case 'sawtooth':
      return { ...plan, rate: planSawtooth(resolved) };
    case 'capacity-collapse': {
      const drainFactor = planCollapses(resolved, random.fork('collapses'));
      return { ...plan, rate: planFlat(resolved), drainFactor };
    }
    case 'replay': {
      assert(options.rows !== undefined, 'a replay needs rows');
      return { ...plan, rate: planReplay(options.rows, options.durationMs) };
    }
  }
}

function assertRoomForDecoys(options: ResolvedOptions): void {
  if (!options.decoys) return;
  const level = options.basePps * options.packetBytes * 1.6 + options.backgroundBytesPerSecond;
  const room = 0.8 * options.drainBytesPerSecond;
  assert(
    level <= room,
    `base, decoys and background are ${Math.round(level)} bytes/s, above 0.8 of the drain, ${room}`,
  );
}
