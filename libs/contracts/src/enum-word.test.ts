import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { enumWord } from './enum-word.ts';
import { protoRoot } from './load-definitions.ts';

it('a value is told as a word', () => {
  expect(['MODE_OBSERVE', 'RESOURCE_KIND_THREAD_POOL', 'BREAKER_STATE_OPEN'].map(enumWord)).toEqual(
    ['observe', 'thread-pool', 'open'],
  );
  expect(enumWord(9 as never)).toBe('9');
});

it('it knows every enum of the contracts', () => {
  const zeros = readdirSync(protoRoot, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto'))
    .flatMap((name) => readFileSync(join(protoRoot, name), 'utf8').match(/\w+(?= = 0;)/g) ?? []);
  expect(zeros.length).toBeGreaterThan(8);
  for (const zero of zeros) expect(enumWord(zero), zero).toBe('unspecified');
});
