import { setTimeout as delay } from 'node:timers/promises';
import type { fsuController } from '@levitate/contracts';
import type { OperatedTarget, ResourceLease, TargetAuthority } from './operated-target.ts';
import { modeToProto } from './proto-words.ts';
import { unmeasuredTarget } from './resource-decision.ts';
import { RuledResource, type RuledResourceOptions } from './ruled-resource.ts';
import type { OpenedSource } from './sources/open-sources.ts';

/** Wait before a source that could not be opened is tried again, ms. */
const retryMs = 2_000;
/** Longest time for opening a source, ms. */
const openMs = 5_000;

/** @see ResourceTarget */
export interface ResourceTargetOptions
  extends Omit<RuledResourceOptions, 'resource' | 'lease' | 'originals'> {
  /** @throws while it cannot be reached, and where it is not what it is said to be */
  open: (signal: AbortSignal) => Promise<OpenedSource>;
  /** For what grants no leases itself: a lease and a place for the original that others see. */
  stored: { lease: ResourceLease; originals: RuledResourceOptions['originals'] };
}

/**
 * One target that is not a queue. Its source may be away when the controller starts: it is tried
 * until it answers, and ruled from then on.
 */
export class ResourceTarget implements OperatedTarget {
  readonly name: string;
  readonly authority: TargetAuthority;
  readonly #options: ResourceTargetOptions;
  #ruled: RuledResource | undefined;

  constructor(options: ResourceTargetOptions) {
    this.#options = options;
    this.name = options.config.name;
    const ruled = () => this.#ruled?.authority;
    const { orders, clock } = options;
    this.authority = {
      get isPaused() {
        return orders.pause(clock.unixMs()) !== undefined;
      },
      get isBreakerOpen() {
        return ruled()?.isBreakerOpen ?? false;
      },
      get isLeaseHeld() {
        return ruled()?.isLeaseHeld ?? false;
      },
      held: () => (ruled() === undefined ? 'not-measured' : ruled()?.held()),
      resetBreaker: () => ruled()?.resetBreaker(),
    };
  }

  get size(): number | undefined {
    return this.#ruled?.size;
  }

  async run(signal: AbortSignal): Promise<void> {
    const source = await this.#opened(signal);
    if (source === undefined) return;
    const { resource, owned } = source;
    const { lease, originals } = owned ?? this.#options.stored;
    this.#ruled = new RuledResource({ ...this.#options, resource, lease, originals });
    try {
      await this.#ruled.run(signal);
    } finally {
      await source.close();
    }
  }

  async giveUp(): Promise<void> {
    await this.#ruled?.giveUp();
  }

  async restore(): Promise<number | undefined> {
    if (this.#ruled !== undefined) return this.#ruled.restore();
    throw new Error(`${this.name} was not reached yet, so nothing of it can be put back`);
  }

  toProto(): fsuController.TargetInit {
    if (this.#ruled !== undefined) return this.#ruled.toProto();
    const { config, orders } = this.#options;
    return {
      ...unmeasuredTarget(config),
      mode: modeToProto[orders.mode(config.name) ?? config.mode],
      paused: this.authority.isPaused,
      breaker: 'BREAKER_STATE_CLOSED',
    };
  }

  async #opened(signal: AbortSignal): Promise<OpenedSource | undefined> {
    const { open, events } = this.#options;
    while (!signal.aborted) {
      const opening = AbortSignal.any([signal, AbortSignal.timeout(openMs)]);
      try {
        return await open(opening);
      } catch (error) {
        if (!signal.aborted) events.onFault(this.name, 'measure', error);
      }
      await delay(retryMs, undefined, { signal }).catch(() => {});
    }
    return undefined;
  }
}
