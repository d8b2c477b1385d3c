import { enumWord } from '@levitate/contracts';

/** A value of an enum as the page knows it; one that is unspecified or new is `unknown`. */
export function knownWord<Word extends string>(
  value: string,
  words: readonly Word[],
): Word | 'unknown' {
  const word = enumWord(value);
  return words.find((one) => one === word) ?? 'unknown';
}

/** How a target is ruled, as the page knows it. */
export const modes = ['observe', 'recommend', 'enforce'] as const;
