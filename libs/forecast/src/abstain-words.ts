import type { AbstainReason } from './burst-forecast.ts';

const words: Readonly<Record<AbstainReason, string>> = {
  'no-data': 'no data yet',
  'too-few-onsets': 'too few bursts seen',
  'not-periodic': 'no pattern found',
  'no-precursor': 'no sign of one',
  'outside-horizon': 'none within 10 s',
  'in-burst': 'a burst is under way',
  'coarse-samples': 'samples too far apart',
  untrusted: 'not trusted yet',
};

/** Why no burst is predicted, for people; a reason of a newer forecaster is its own word. */
export function abstainWords(reason: string): string {
  return Object.hasOwn(words, reason) ? words[reason as AbstainReason] : reason;
}
