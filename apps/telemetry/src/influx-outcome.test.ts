import { expect, it } from 'vitest';
import { outcomeOf } from './influx-outcome.ts';

const partial = '{"error":"partial write: field type conflict: input field dropped=2"}';

it.each([
  [
    { status: 204, text: '' },
    { verdict: 'written', refused: 0 },
  ],
  [
    { status: 400, text: partial },
    { verdict: 'written', refused: 2, reason: 'partial_write' },
  ],
  [
    { status: 400, text: '{"error":"partial write: points beyond retention policy dropped=99"}' },
    { verdict: 'written', refused: 10 },
  ],
  [
    { status: 400, text: '{"error":"unable to parse \'x\': missing fields"}' },
    { verdict: 'refused', reason: 'refused', why: "400 unable to parse 'x': missing fields" },
  ],
  [
    { status: 401, text: 'no' },
    { verdict: 'refused', reason: 'not_allowed', why: '401 no' },
  ],
  [
    { status: 403, text: '' },
    { verdict: 'refused', reason: 'not_allowed' },
  ],
  [
    { status: 404, text: '{"error":"database not found: \\"x\\""}' },
    { verdict: 'refused', reason: 'not_found', why: '404 database not found: "x"' },
  ],
  [{ status: 413, text: '' }, { verdict: 'halve' }],
  [
    { status: 302, text: '' },
    { verdict: 'refused', reason: 'refused' },
  ],
  [
    { status: 429, text: '{"code":"too many","message":"slow"}', retryAfterSeconds: 7 },
    { verdict: 'away', why: '429 slow', waitMs: 7000 },
  ],
  [
    { status: 503, text: '', retryAfterSeconds: 1e6 },
    { verdict: 'away', waitMs: 60_000 },
  ],
  [
    { status: 500, text: '<html>' },
    { verdict: 'away', why: '500 <html>', waitMs: undefined },
  ],
  [
    { status: 0, text: 'connect ECONNREFUSED' },
    { verdict: 'away', why: 'connect ECONNREFUSED' },
  ],
])('%j of ten lines means %j', (answer, outcome) => {
  expect(outcomeOf(answer, 10)).toMatchObject(outcome);
});

it('one line that is too large alone is refused', () => {
  expect(outcomeOf({ status: 413, text: '' }, 1)).toMatchObject({ reason: 'too_large' });
});
