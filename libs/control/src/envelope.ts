import { ChangeAllowance } from './change-allowance.ts';

/** Bounds of a buffer, bytes (SPEC 4.4): 512 KB and 16,384 KB. */
export const bufferBytesMin = 524_288;
export const bufferBytesMax = 16_777_216;

/** Share of the latency budget's room that a limit may take (SPEC 4.4: "less 2 %"). */
export const latencyBudgetShare = 0.98;

/** Settings of one target's envelope. None of them switches it off. */
export interface EnvelopeOptions {
  /** Default 524,288 (bytes of a buffer). */
  sizeMin?: number;
  /** Default 16,777,216 (bytes of a buffer). */
  sizeMax?: number;
  /** Longest queueing delay a full queue may cause, ms. Default 150; `Infinity` for a pool. */
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
  /** Consecutive rises that carry the same episode count as one change. */
  episode?: number | string | undefined;
  /** Rate at which the queue drains, size units per second; `undefined`: as last known. */
  drainPerSecond?: number | undefined;
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
 * them fit between the bounds (71 by default).
 */
export class Envelope {
  readonly sizeMin: number;
  readonly sizeMax: number;
  readonly latencyBudgetMs: number;
  readonly #smallMove: number;
  readonly #allowance: ChangeAllowance;
  #drainPerSecond: number | undefined;
  #risingEpisode: number | string | undefined;

  constructor(options: EnvelopeOptions = {}) {
    this.sizeMin = options.sizeMin ?? bufferBytesMin;
    this.sizeMax = options.sizeMax ?? bufferBytesMax;
    this.latencyBudgetMs = options.latencyBudgetMs ?? 150;
    this.#smallMove = options.smallMove ?? 0.05;
    this.#allowance = new ChangeAllowance({ perMinute: options.maxChangesPerMinute ?? 10 });
  }

  /** Largest size the latency budget allows; `Infinity` while no drain rate is known. */
  get ceiling(): number {
    if (this.#drainPerSecond === undefined) return Number.POSITIVE_INFINITY;
    return (this.#drainPerSecond * this.latencyBudgetMs * latencyBudgetShare) / 1_000;
  }

  /** Judge a wish and charge the change it leads to. */
  admit(request: EnvelopeRequest): EnvelopeVerdict {
    const { verdict, isCharged } = this.#judge(request);
    if (isCharged) this.#allowance.spend(request.nowMs);
    if (verdict.allowed !== request.current) {
      this.#risingEpisode = verdict.allowed > request.current ? request.episode : undefined;
    }
    return verdict;
  }

  /** Judge a wish that will not be carried out (recommend mode): nothing is charged. */
  preview(request: EnvelopeRequest): EnvelopeVerdict {
    return this.#judge(request).verdict;
  }

  #judge(request: EnvelopeRequest): { verdict: EnvelopeVerdict; isCharged: boolean } {
    const { nowMs, current, urgency, episode } = request;
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
    if (isRise && episode !== undefined && episode === this.#risingEpisode) {
      const verdict = { allowed: size, reasons: [...reasons, 'same-episode' as const] };
      return { verdict, isCharged: false };
    }
    const isUrgent = isForced || (isRise && urgency !== 'none');
    if (!this.#allowance.permits({ nowMs, urgent: isUrgent })) return hold('change-rate');
    if (!this.#allowance.permits({ nowMs, urgent: false })) reasons.push('borrowed');
    return { verdict: { allowed: size, reasons }, isCharged: true };
  }

  #bound(request: EnvelopeRequest): {
    size: number;
    /** The size in force breaks the envelope itself: not a matter of taste. */
    isForced: boolean;
    reasons: EnvelopeReason[];
  } {
    const { current, wish, drainPerSecond } = request;
    if (drainPerSecond !== undefined && Number.isFinite(drainPerSecond) && drainPerSecond > 0) {
      this.#drainPerSecond = drainPerSecond;
    }
    const reasons: EnvelopeReason[] = [];
    let size = wish;
    if (!Number.isFinite(wish)) {
      reasons.push('wish-not-finite');
      size = current;
    }
    if (size < this.sizeMin) {
      reasons.push('minimum');
      size = this.sizeMin;
    } else if (size > this.sizeMax) {
      reasons.push('maximum');
      size = this.sizeMax;
    }
    const ceiling = this.ceiling;
    if (size > ceiling) {
      reasons.push('latency-budget');
      size = ceiling;
    }
    // Within the 2 % between ceiling and budget a size in force may stay where it is.
    const isForced = current > ceiling / latencyBudgetShare && size < current;
    return { size, isForced, reasons };
  }
}
