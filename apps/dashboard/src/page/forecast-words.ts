import type { ForecastView } from '../view.ts';

/** Why no burst is predicted, for the closed set of codes of the forecasters. */
const words: Readonly<Record<string, string>> = {
  'no-data': 'no data yet',
  'too-few-onsets': 'too few bursts seen',
  'not-periodic': 'no pattern found',
  'no-precursor': 'no sign of one',
  'outside-horizon': 'none within 10 s',
  'in-burst': 'a burst is under way',
  'coarse-samples': 'samples too far apart',
  untrusted: 'not trusted yet',
};

/** What a forecast says, and by whom: `No burst predicted: not trusted yet · periodic@1`. */
export function forecastWords({ burst, abstained, model }: ForecastView): string {
  if (burst !== null) {
    return `Burst predicted, ${Math.round(burst.confidence * 100)} % · ${model}`;
  }
  const reasons = abstained.map((reason) => words[reason] ?? reason);
  const why = reasons.length === 0 ? '' : `: ${reasons.join(', ')}`;
  return `No burst predicted${why} · ${model}`;
}
