import { expect, it } from 'vitest';
import { referenceOf } from './validation-reference.ts';

function manifestOf(name: string, ...validations: object[]) {
  const classes = Object.fromEntries(
    validations.map((validation, index) => [`class ${index}`, { winner: name, validation }]),
  );
  return { manifest: { name, classes } } as never;
}

it('is the worst error of the model’s own name, stated as an error or as an accuracy', () => {
  const own = { liquid: { accuracy: 0.8 }, lstm: { accuracy: 0.1 }, 'last value': { wape: 0.9 } };
  expect(referenceOf(manifestOf('liquid', own, { liquid: { wape: 0.35 } }))).toBeCloseTo(0.35, 9);
});

it('takes whatever is no baseline where the model raced under another name', () => {
  const classes = [{ LSTM: { accuracy: 0.8 }, 'EWMA 0.4': { wape: 0.9 } }, { LSTM: { wape: 0.4 } }];
  expect(referenceOf(manifestOf('bandwidth', ...classes))).toBeCloseTo(0.4, 9);
});

it('is a usual error where the manifest states none', () => {
  expect(referenceOf(manifestOf('imported'))).toBe(0.3);
  expect(referenceOf(manifestOf('odd', { odd: { windows: 7 } }))).toBe(0.3);
});
