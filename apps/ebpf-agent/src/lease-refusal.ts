import type { LeaseOutcome, LeaseRefusal } from '@levitate/control';
import { AgentError, type AgentErrorCode } from './errors.ts';

/** Who asks, for which link. */
export interface Claim {
  link: string;
  holder: string;
  token: number;
}

/** @throws AgentError where the lease was not granted */
export function assertGranted(claim: Claim, outcome: LeaseOutcome): void {
  if (outcome.kind === 'refused') throw leaseRefusal(claim, outcome);
}

const refusals: Readonly<Record<LeaseRefusal, { code: AgentErrorCode; why: string }>> = {
  'stale-token': { code: 'LEASE_STALE_TOKEN', why: 'a higher fencing token was seen' },
  'token-of-another-holder': {
    code: 'LEASE_TOKEN_OF_ANOTHER_HOLDER',
    why: 'this fencing token is of another holder',
  },
  'not-held': { code: 'LEASE_NOT_HELD', why: 'the lease is not held; it may have lapsed' },
  'bad-claim': { code: 'LEASE_NOT_HELD', why: 'a holder and a token from 1 are needed' },
};

/** The agent's words for a claim that a lease does not accept. */
export function leaseRefusal(
  claim: Claim,
  { reason, highestToken }: { reason: LeaseRefusal; highestToken: number },
): AgentError {
  const { code, why } = refusals[reason];
  const { link, holder, token } = claim;
  const highest = `the highest token of ${link} is ${highestToken}`;
  return new AgentError({
    code,
    message: `${holder} with token ${token}: ${why}; ${highest}`,
    metadata: { highest_token: `${highestToken}` },
  });
}
