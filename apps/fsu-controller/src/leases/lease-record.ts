import type { AcquireOutcome, LeaseClaim, LeaseWish, RenewOutcome } from './lease-store.ts';

/** What a store knows of one target. */
export interface LeaseRecord {
  /** The highest ever granted. */
  token: number;
  /** Whoever it was granted to; empty once given back. */
  holder: string;
  untilMs: number;
}

/** Nothing was ever granted. */
export const blankRecord: LeaseRecord = { token: 0, holder: '', untilMs: Number.NEGATIVE_INFINITY };

/** An outcome, and what is known from then on. */
interface Ruling<Outcome> {
  outcome: Outcome;
  /** Undefined: as before. */
  record?: LeaseRecord;
}

/** The rules of every store, over one clock. @throws RangeError where tokens have run out */
export function acquireLease(
  known: LeaseRecord,
  { holder, ttlMs, tokenMin = 1, nowMs }: Omit<LeaseWish, 'target'> & { nowMs: number },
): Ruling<Exclude<AcquireOutcome, { kind: 'away' | 'settling' }>> {
  const remainingMs = known.untilMs - nowMs;
  if (known.holder !== '' && known.holder !== holder && remainingMs > 0) {
    return { outcome: { kind: 'held', by: known.holder, remainingMs } };
  }
  const token = Math.max(known.token + 1, tokenMin);
  if (!Number.isSafeInteger(token)) throw new RangeError(`no token is left after ${known.token}`);
  return { outcome: { kind: 'granted', token }, record: { token, holder, untilMs: nowMs + ttlMs } };
}

/**
 * A lapsed lease that nobody took since is prolonged: tokens only rise, so nobody else had it. A
 * token beyond all that are known is of a time the store has forgotten.
 */
export function renewLease(
  known: LeaseRecord,
  { holder, token, ttlMs, nowMs }: Omit<LeaseClaim, 'target'> & { ttlMs: number; nowMs: number },
): Ruling<Exclude<RenewOutcome, { kind: 'away' }>> {
  if (token > known.token || isNewest(known, { holder, token })) {
    return { outcome: { kind: 'ours' }, record: { token, holder, untilMs: nowMs + ttlMs } };
  }
  return { outcome: { kind: 'lost', by: known.untilMs > nowMs ? known.holder : '' } };
}

/** Whether nothing was granted or given back since this claim was granted. */
export function isNewest(known: LeaseRecord, claim: Pick<LeaseClaim, 'holder' | 'token'>): boolean {
  return claim.token === known.token && claim.holder === known.holder && claim.holder !== '';
}

/** The lease given back; its token stays. */
export function released({ token }: LeaseRecord): LeaseRecord {
  return { ...blankRecord, token };
}
