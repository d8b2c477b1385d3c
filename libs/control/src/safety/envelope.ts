import type { ResourceKind } from '../setpoint.ts';
import { ChangeAllowance } from './change-allowance.ts';

/** Least size of a buffer, bytes (SPEC 4.4): 512 KB. */
export const bufferBytesMin = 524_288;
/** Largest size of a buffer, bytes (SPEC 4.4): 16,384 KB. */
export const bufferBytesMax = 16_777_216;

/** Share of the latency budget's room that a limit may take (SPEC 4.4: "less 2 %"). */
export const latencyBudgetShare = 0.98;

/** Moves one way that are further apart than this are not one climb or descent, milliseconds. */
const moveGapMs = 1_000;

/** Settings of one target's envelope. None of them switches it off. */
export interface EnvelopeOptions {
  /** Default `queue`; the latency budget does not bind a `capacity`, where nothing queues. */
  kind?: ResourceKind;
  /** Default 524,288 (bytes of a buffer). */
  min?: number;
  /** Default 16,777,216 (bytes of a buffer). */
  max?: number;
  /** Longest queueing delay a full queue may cause, ms. Default 150. */
  latencyBudgetMs?: number;
  /** Default 10. */
  maxChangesPerMinute?: number;
  /** Relative moves smaller than this wait until they add up; default 0.05. */
  smallMove?: number;
}

/** Why a size is asked for: what may be refused and what may not depends on it. */
export type Urgency = 'none' | 'forecast' | 'full';

/** A wish that wants to become a size. */
export interface EnvelopeRequest {
  /** Monotonic, milliseconds. */
  nowMs: number;
  /** Size in force (or on its way). */
  current: number;
  wish: number;
  urgency: Urgency;
  /**
   * Consecutive rises that carry the same episode count as one change; without one, rises that
   * follow each other within a second are one climb.
   */
  episode?: number | string | undefined;
  /** Rate at which the queue drains; `undefined`: as last known. */
  drainBytesPerSecond?: number | undefined;
}

/** What the envelope did to a wish; closed set. */
export type EnvelopeReason =
  | 'wish-not-finite'
  | 'minimum'
  | 'maximum'
  | 'latency-budget'
  | 'small-move'
  | 'change-rate'
  | 'borrowed'
  | 'same-episode';

/** A size that may be put in force. */
export interface EnvelopeVerdict {
  /** Equal to `current` where nothing may change. */
  allowed: number;
  reasons: EnvelopeReason[];
}

/**
 * Safety envelope of one target (SPEC 4.4): every wish passes it, whoever made it. A number in, a
 * number that is safe out.
 *
 * Order: a wish that is no number holds; minimum and maximum; then the latency budget, which wins
 * over the minimum; then small moves wait; then the change rate. A rise for a forecast or a full
 * queue, and a fall back under the latency budget, may borrow; other changes wait for a token.
 * Consecutive rises of one episode are charged once: at most ln(max / min) / ln(1 + smallMove) of
 * them fit between the bounds (71 by default). So are the falls of one descent: a law that cools by
 * a quarter a tick would otherwise spend the minute's allowance on giving one burst's room back.
 */
export class Envelope {
  readonly min: number;
  readonly max: number;
  readonly latencyBudgetMs: number;
  readonly #smallMove: number;
  readonly #allowance: ChangeAllowance;
  #drainBytesPerSecond: number | undefined;
  /** The last change. */
  #move: { isRise: boolean; atMs: number; episode: number | string | undefined } | undefined;

  constructor(options: EnvelopeOptions = {}) {
    this.min = options.min ?? bufferBytesMin;
    this.max = options.max ?? bufferBytesMax;
    this.latencyBudgetMs =
      options.kind === 'capacity' ? Number.POSITIVE_INFINITY : (options.latencyBudgetMs ?? 150);
    this.#smallMove = options.smallMove ?? 0.05;
    this.#allowance = new ChangeAllowance({ perMinute: options.maxChangesPerMinute ?? 10 });
  }

  /** Largest size the latency budget allows; `Infinity` while no drain rate is known. */
  get ceiling(): number {
    if (this.#drainBytesPerSecond === undefined) return Number.POSITIVE_INFINITY;
    return (this.#drainBytesPerSecond * this.latencyBudgetMs * latencyBudgetShare) / 1_000;
  }

  /** The nearest size within minimum, maximum and latency budget. @param size a finite number */
  clamp(size: number): number {
    return Math.min(this.ceiling, Math.max(this.min, Math.min(this.max, size)));
  }

  /** Judge a wish and charge the change it leads to. */
  admit(request: EnvelopeRequest): EnvelopeVerdict {
    const { verdict, isCharged } = this.#judge(request);
    if (isCharged) this.#allowance.spend(request.nowMs);
    if (verdict.allowed !== request.current) {
      const { nowMs: atMs, episode } = request;
      this.#move = { isRise: verdict.allowed > request.current, atMs, episode };
    }
    return verdict;
  }

  /** Judge a wish that will not be carried out (recommend mode): nothing is charged. */
  preview(request: EnvelopeRequest): EnvelopeVerdict {
    return this.#judge(request).verdict;
  }

  #judge(request: EnvelopeRequest): { verdict: EnvelopeVerdict; isCharged: boolean } {
    const { nowMs, current, urgency } = request;
    const { size, isForced, reasons } = this.#bound(request);
    const hold = (reason?: EnvelopeReason) => ({
      verdict: { allowed: current, reasons: reason === undefined ? reasons : [...reasons, reason] },
      isCharged: false,
    });
    if (size === current) return hold();
    if (!isForced && Math.abs(size - current) < this.#smallMove * current) {
      return hold('small-move');
    }
    const isRise = size > current;
    if (this.#isSameMove(request, isRise)) {
      const verdict = { allowed: size, reasons: [...reasons, 'same-episode' as const] };
      return { verdict, isCharged: false };
    }
    const isUrgent = isForced || (isRise && urgency !== 'none');
    if (!this.#allowance.permits({ nowMs, urgent: isUrgent })) return hold('change-rate');
    if (!this.#allowance.permits({ nowMs, urgent: false })) reasons.push('borrowed');
    return { verdict: { allowed: size, reasons }, isCharged: true };
  }

  #isSameMove({ nowMs, episode }: EnvelopeRequest, isRise: boolean): boolean {
    if (this.#move === undefined || this.#move.isRise !== isRise) return false;
    if (isRise && this.#move.episode !== episode) return false;
    const isClose = nowMs - this.#move.atMs <= moveGapMs;
    return isRise && episode !== undefined ? true : isClose;
  }

  #bound(request: EnvelopeRequest): {
    size: number;
    /** The size in force breaks the envelope itself: not a matter of taste. */
    isForced: boolean;
    reasons: EnvelopeReason[];
  } {
    const { current, wish, drainBytesPerSecond } = request;
    if (
      drainBytesPerSecond !== undefined &&
      Number.isFinite(drainBytesPerSecond) &&
      drainBytesPerSecond > 0
    ) {
      this.#drainBytesPerSecond = drainBytesPerSecond;
    }
    const reasons: EnvelopeReason[] = [];
    if (!Number.isFinite(wish)) reasons.push('wish-not-finite');
    const asked = Number.isFinite(wish) ? wish : current;
    if (asked < this.min) reasons.push('minimum');
    if (asked > this.max) reasons.push('maximum');
    const ceiling = this.ceiling;
    if (Math.max(this.min, Math.min(this.max, asked)) > ceiling) reasons.push('latency-budget');
    const size = this.clamp(asked);
    // Within the 2 % between ceiling and budget a size in force may stay where it is.
    const isForced = current > ceiling / latencyBudgetShare && size < current;
    return { size, isForced, reasons };
  }
}
