import type { Sample } from '@levitate/series';

/**
 * The sample without the values no measurement can have: what is not finite or negative becomes
 * missing. Undefined when its time cannot be believed. Windows are validated where they are
 * written; a store that others write to as well is not trusted twice.
 */
export function saneSample(sample: Sample): Sample | undefined {
  if (!isMeasurable(sample.timeUnixMs) || sample.timeUnixMs > TIME_MAX) return undefined;
  let sane = sample;
  for (const field in sample) {
    const value = sample[field as keyof Sample];
    if (typeof value !== 'number' || isMeasurable(value)) continue;
    if (sane === sample) sane = { ...sample };
    sane[field as keyof Sample] = undefined as never;
  }
  return sane;
}

function isMeasurable(value: number): boolean {
  return Number.isFinite(value) && value >= 0 && value <= VALUE_MAX;
}

/** The last instant a JavaScript date can name. */
const TIME_MAX = 8.64e15;
/** Beyond it integers have holes. */
const VALUE_MAX = 9.01e15;
