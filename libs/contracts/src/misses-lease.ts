import type { Target } from './generated/fsu_controller.v1.ts';

/**
 * Whether a target should have its lease and does not: nobody wants that of what is not changed
 * now, because it is paused, only watched, broken off, or waits for its roll-out.
 */
export function missesLease(
  target: Pick<Target, 'mode' | 'paused' | 'breaker' | 'canary' | 'canaryEnforces' | 'leaseHeld'>,
): boolean {
  const isEnforcing = target.mode === 'MODE_ENFORCE' && !target.paused;
  const isWaiting = target.canary && !target.canaryEnforces;
  const isOpen = target.breaker === 'BREAKER_STATE_OPEN';
  return isEnforcing && !isWaiting && !isOpen && !target.leaseHeld;
}
