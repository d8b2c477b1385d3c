import type { ForecastView, LaneView } from '../view.ts';

/** Why control does without a forecast, for the closed set of codes of the controller. */
const unusedWords: Readonly<Record<string, string>> = {
  'predictor-gone': 'the predictor does not answer',
  'forecast-late': 'the newest one is old',
  abstained: 'none announced',
  'low-confidence': 'not sure enough',
  'forecast-incoherent': 'its parts contradict each other',
  unproven: 'not proven yet',
  'missing-onsets': 'it misses bursts',
  'no-better-than-chance': 'no better than chance',
};

/** Why control does without a forecast, in words; a code that is not known is its own word. */
export function unusedWord(reason: string): string {
  return unusedWords[reason] ?? reason;
}

/** What a lane says of forecasts; every lane says something, so that graphs stand level. */
export function forecastLine({
  forecast,
  kind,
  control,
}: Pick<LaneView, 'forecast' | 'kind' | 'control'>): string {
  const reason = control?.forecastUnusedReason ?? '';
  if (forecast !== null) {
    const said = forecastWords(forecast);
    return reason === 'forecast-late' ? `The newest forecast is old. ${said}` : said;
  }
  if (kind === 'reactive') return 'No forecast: this lane only reacts';
  if (kind === 'uncontrolled') return 'No forecast';
  return reason === '' ? 'No forecast has come yet' : `No forecast: ${unusedWord(reason)}`;
}

/** What a forecast says, and by whom: `No burst predicted: not trusted yet · periodic@1`. */
export function forecastWords({ burst, abstained, model }: ForecastView): string {
  if (burst !== null) {
    return `Burst predicted, ${Math.round(burst.confidence * 100)} % · ${model}`;
  }
  const why = abstained.length === 0 ? '' : `: ${abstained.join(', ')}`;
  return `No burst predicted${why} · ${model}`;
}
