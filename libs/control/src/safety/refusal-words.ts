import type { LeaseClaim, LeaseRefusal } from './lease.ts';

const whys: Readonly<Record<LeaseRefusal, string>> = {
  'stale-token': 'a higher fencing token was seen',
  'token-of-another-holder': 'this fencing token is of another holder',
  'not-held': 'the lease is not held; it may have lapsed',
  'bad-claim': 'a holder and a token from 1 are needed',
};

/** Why a lease does not accept a claim, for people. @param target what the lease is of */
export function refusalWords(
  target: string,
  { holder, token }: LeaseClaim,
  { reason, highestToken }: { reason: LeaseRefusal; highestToken: number },
): string {
  const highest = `the highest token of ${target} is ${highestToken}`;
  return `${holder} with token ${token}: ${whys[reason]}; ${highest}`;
}
