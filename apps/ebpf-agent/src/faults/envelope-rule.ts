import type { EnvelopeRequest, EnvelopeVerdict } from '@levitate/control';
import { ChangeRateRule } from '@levitate/testing/faults';

/** Bounds that an envelope is held to. */
export interface EnvelopeBounds {
  min: number;
  max: number;
  latencyBudgetMs: number;
  maxChangesPerMinute: number;
}

/** Of the room that the budget leaves, 2 % stay free (SPEC 4.4). */
const shareOfBudget = 0.98;
const smallMove = 0.05;

/** What the specification says of a verdict, in other words than the code that gives it. */
export class EnvelopeRule {
  readonly #bounds: EnvelopeBounds;
  readonly #rate: ChangeRateRule;
  #drain: number | undefined;

  constructor(bounds: EnvelopeBounds) {
    this.#bounds = bounds;
    this.#rate = new ChangeRateRule(bounds.maxChangesPerMinute);
  }

  /** What every request tells, also one that is only asked about. */
  heed({ drainBytesPerSecond: drain }: EnvelopeRequest): void {
    if (drain !== undefined && drain > 0 && Number.isFinite(drain)) this.#drain = drain;
  }

  /** @returns what is wrong with it, if anything; what it allows counts as made */
  judge(request: EnvelopeRequest, { allowed }: EnvelopeVerdict): string | undefined {
    const { current } = request;
    this.heed(request);
    const wanted = this.#wanted(request);
    const isForced = current > this.#budget && wanted < current;
    const isUrgent = isForced || (wanted > current && request.urgency !== 'none');
    const change = { ...request, from: current, to: wanted, isUrgent };
    const isAllowed = this.#rate.allows(change);
    if (allowed === current) {
      const isSmall = !isForced && Math.abs(wanted - current) < smallMove * current;
      if (wanted === current || isSmall || !isAllowed) return undefined;
      return `${current} stayed where ${wanted} was due`;
    }
    if (allowed !== wanted) return `${allowed} was allowed where ${wanted} is the limit`;
    if (!isAllowed) return `${current} to ${allowed} is one change too many within a minute`;
    this.#rate.made(change);
    return undefined;
  }

  /** What may be in force at most before the envelope itself must act. */
  get #budget(): number {
    if (this.#drain === undefined) return Number.POSITIVE_INFINITY;
    return (this.#drain * this.#bounds.latencyBudgetMs) / 1_000;
  }

  #wanted({ wish, current }: EnvelopeRequest): number {
    const { min, max } = this.#bounds;
    const asked = Number.isFinite(wish) ? wish : current;
    return Math.min(Math.max(asked, min), max, this.#budget * shareOfBudget);
  }
}
