import { expect, it } from 'vitest';
import { ModelError } from './model-error.ts';

it('an error of a model file says what is wrong and what to do next', () => {
  const error = new ModelError({
    code: 'corrupt',
    message: 'the weights have 8 bytes and not 12',
    nextStep: 'copy the folder again',
  });
  expect(error).toMatchObject({ name: 'ModelError', code: 'corrupt' });
  expect(`${error.message}; ${error.nextStep}`).toBe(
    'the weights have 8 bytes and not 12; copy the folder again',
  );
});
