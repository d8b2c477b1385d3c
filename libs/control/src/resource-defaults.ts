import type { LawName } from './laws/open-law.ts';

/** The five kinds of resource (SPEC 4.3). */
export const resourceTypes = [
  'buffer',
  'threadpool',
  'memory',
  'connectionpool',
  'loadbalancer',
] as const;

/** @see resourceTypes */
export type ResourceType = (typeof resourceTypes)[number];

/** How a kind of resource is ruled unless its owner says otherwise. */
export interface ResourceDefaults {
  model: LawName;
  setpoint: number;
  holdMs: number;
}

/**
 * What each kind is ruled by, chosen on training trials of the control bench and never on those
 * that are scored. Needs of 100 ms are peaks already and are held for a minute or more, so there is
 * little to add: 0.8 reserved a sixth more in a pool and rejected no less. A buffer rests on the
 * peak itself, in one move: the largest burst of 90 s comes about once in the next 90 s, and room
 * for a rarer one costs more than its loss.
 */
export const resourceDefaults: Readonly<Record<ResourceType, Readonly<ResourceDefaults>>> =
  Object.freeze({
    buffer: { model: 'held-peak', setpoint: 1, holdMs: 90_000 },
    threadpool: { model: 'optomechanical', setpoint: 0.95, holdMs: 60_000 },
    memory: { model: 'optomechanical', setpoint: 0.95, holdMs: 60_000 },
    connectionpool: { model: 'optomechanical', setpoint: 0.95, holdMs: 60_000 },
    // Of requests of a second, which are no peaks: some of the backends may turn slow at any time.
    loadbalancer: { model: 'optomechanical', setpoint: 0.8, holdMs: 60_000 },
  });
