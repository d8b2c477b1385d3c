import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';

describe('CircuitBreaker', () => {
  it('bears three consecutive failures and opens at the fourth', () => {
    const breaker = new CircuitBreaker();
    const outcomes = [1, 2, 3, 4, 5].map((nowMs) => breaker.recordFailure(nowMs));
    expect(outcomes).toEqual(['borne', 'borne', 'borne', 'opened', 'borne']);
    expect(breaker.state(6)).toBe('open');
  });

  it('counts from zero again after a success', () => {
    const breaker = new CircuitBreaker();
    for (let nowMs = 0; nowMs < 3; nowMs += 1) breaker.recordFailure(nowMs);
    breaker.recordSuccess(3);
    expect(breaker.failures).toBe(0);
    expect(breaker.recordFailure(4)).toBe('borne');
  });

  it('is not closed by a success: the restore itself is one', () => {
    const breaker = new CircuitBreaker({ failuresMax: 0 });
    breaker.recordFailure(0);
    breaker.recordSuccess(1);
    expect(breaker.state(2)).toBe('open');
  });

  it('is closed by an operator at once and by itself after the cool-off', () => {
    const breaker = new CircuitBreaker({ failuresMax: 0, coolOffMs: 1_000 });
    breaker.recordFailure(0);
    breaker.reset();
    expect(breaker.state(0)).toBe('closed');
    breaker.recordFailure(0);
    expect(breaker.state(999)).toBe('open');
    expect(breaker.state(1_000)).toBe('closed');
    expect(breaker.failures).toBe(0);
  });

  it('is open exactly when more failures than allowed came in a row', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (results) => {
        const breaker = new CircuitBreaker({ coolOffMs: Number.POSITIVE_INFINITY });
        let inARow = 0;
        let isOpen = false;
        let opened = 0;
        results.forEach((isFailure, nowMs) => {
          inARow = isFailure ? inARow + 1 : 0;
          isOpen ||= inARow > 3;
          if (!isFailure) breaker.recordSuccess(nowMs);
          else if (breaker.recordFailure(nowMs) === 'opened') opened += 1;
          expect(breaker.state(nowMs)).toBe(isOpen ? 'open' : 'closed');
        });
        expect(opened).toBe(isOpen ? 1 : 0);
      }),
    );
  });
});
