import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violationsMax } from './field-violation.ts';
import {
  enumOf,
  flag,
  integer,
  list,
  message,
  range,
  requestOf,
  required,
  text,
} from './validators.ts';

const fieldsOf = (faults: { field: string }[]) => faults.map(({ field }) => field);

describe('validators', () => {
  it('names a fault by its path in proto names', () => {
    const validate = requestOf({
      outerItems: list(message({ someBytes: range({ min: 0, max: 9 }) }), { max: 5 }),
    });
    expect(fieldsOf(validate({ outerItems: [{}, {}, {}, { someBytes: -1 }] }))).toEqual([
      'outer_items[3].some_bytes',
    ]);
  });

  it('refuses every number that is not finite or not within the range', () => {
    const validate = requestOf({ value: range({ min: -5, max: 5 }) });
    for (const value of [Number.NaN, Infinity, -Infinity, 5.001, -5.001, '3', true, {}]) {
      expect(fieldsOf(validate({ value }))).toEqual(['value']);
    }
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 5, noNaN: true }),
        (value) => validate({ value }).length === 0,
      ),
    );
  });

  it('refuses what a decoder makes of -1 in an unsigned 64 bit field', () => {
    const validate = requestOf({ id: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }) });
    expect(fieldsOf(validate({ id: 2 ** 64 }))).toEqual(['id']);
    expect(fieldsOf(validate({ id: 1.5 }))).toEqual(['id']);
    expect(validate({ id: 1 })).toEqual([]);
  });

  it('tells a missing value from zero', () => {
    const validate = requestOf({ value: required(range({ min: 0, max: 5 })) });
    expect(validate({})[0]).toEqual({ field: 'value', description: 'is required' });
    expect(validate({ value: null })[0]).toEqual({ field: 'value', description: 'is required' });
    expect(validate({ value: 0 })).toEqual([]);
  });

  it('refuses enum names the encoder would make 0, and numbers the decoder did not know', () => {
    const validate = requestOf({ mode: enumOf(['MODE_A', 'MODE_B']) });
    expect(fieldsOf(validate({ mode: 'MODE_Z' }))).toEqual(['mode']);
    expect(fieldsOf(validate({ mode: 7 }))).toEqual(['mode']);
    expect(validate({ mode: 'MODE_B' })).toEqual([]);
  });

  it('refuses text that is too long or has control characters', () => {
    const validate = requestOf({ name: text({ max: 3 }) });
    expect(validate({ name: 'abcd' })[0]?.description).toContain('at most 3 characters, had 4');
    expect(fieldsOf(validate({ name: 'a\n' }))).toEqual(['name']);
    expect(fieldsOf(validate({ name: '\u001b[' }))).toEqual(['name']);
    expect(validate({ name: 'ü-1' })).toEqual([]);
  });

  it('judges a list by its length before its items', () => {
    const validate = requestOf({ names: list(required(text({ max: 3 })), { min: 1, max: 2 }) });
    expect(validate({ names: ['aaaa', 'b', 'c'] })).toEqual([
      { field: 'names', description: 'must have from 1 to 2 items, had 3' },
    ]);
    expect(fieldsOf(validate({}))).toEqual(['names']);
    expect(fieldsOf(validate({ names: ['a', null] }))).toEqual(['names[1]']);
    expect(fieldsOf(validate({ names: 'ab' }))).toEqual(['names']);
  });

  it('refuses a flag that is not one', () => {
    expect(fieldsOf(requestOf({ backlog: flag })({ backlog: 1 }))).toEqual(['backlog']);
  });

  it('stops at the bound of faults, so that trailers stay small', () => {
    const validate = requestOf({ values: list(range({ min: 0, max: 1 }), { max: 10_000 }) });
    expect(validate({ values: Array.from({ length: 10_000 }, () => -1) })).toHaveLength(
      violationsMax,
    );
  });

  it('survives anything at all', () => {
    const validate = requestOf({
      name: required(text({ max: 9 })),
      inner: message({ items: list(integer({ min: 0, max: 9 }), { max: 3 }) }),
    });
    fc.assert(fc.property(fc.anything(), (request) => Array.isArray(validate(request))));
    fc.assert(
      fc.property(fc.record({ name: fc.anything(), inner: fc.anything() }), (request) =>
        Array.isArray(validate(request)),
      ),
    );
  });
});
