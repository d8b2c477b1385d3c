import { expect, it } from 'vitest';
import { ModelError } from './model-error.ts';

it('an error of a model file says what is wrong and what to do next', () => {
  const error = new ModelError({
    code: 'corrupt',
    what: 'the weights have 8 bytes and not 12.',
    next: 'Copy the folder again.',
  });
  expect(error.message).toBe('the weights have 8 bytes and not 12. Copy the folder again.');
  expect(error.code).toBe('corrupt');
});
