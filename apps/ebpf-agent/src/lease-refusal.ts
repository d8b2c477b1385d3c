import { type LeaseOutcome, type LeaseRefusal, refusalWords } from '@levitate/control';
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

const codes: Readonly<Record<LeaseRefusal, AgentErrorCode>> = {
  'stale-token': 'LEASE_STALE_TOKEN',
  'token-of-another-holder': 'LEASE_TOKEN_OF_ANOTHER_HOLDER',
  'not-held': 'LEASE_NOT_HELD',
  'bad-claim': 'LEASE_NOT_HELD',
};

/** The agent's words for a claim that a lease does not accept. */
export function leaseRefusal(
  claim: Claim,
  refusal: { reason: LeaseRefusal; highestToken: number },
): AgentError {
  return new AgentError({
    code: codes[refusal.reason],
    message: refusalWords(claim.link, claim, refusal),
    metadata: { highest_token: `${refusal.highestToken}` },
  });
}
