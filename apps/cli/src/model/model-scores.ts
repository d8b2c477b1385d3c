import { enumWord, type predictor } from '@levitate/contracts';
import { type Cell, renderTable } from '../table.ts';

/**
 * How the models of a running predictor do against what really came, each beside its rivals: on
 * links hits, misses and false alarms of late (in all), on paths the error.
 */
export function scoreLines(models: readonly predictor.ModelStatus[]): string {
  if (models.length === 0) return 'the predictor has no models; the baselines serve';
  const heads = ['MODEL', 'STATE', 'FORECASTER', 'ERROR', 'HITS', 'MISSES', 'FALSE', 'SERVES'];
  const table = renderTable(heads, models.flatMap(rowsOf));
  const why = models.flatMap((model) => (model.why === '' ? [] : [`${model.name}: ${model.why}`]));
  const drifting = models.flatMap(({ name, drift }) =>
    drift?.alarm === true ? [`${name}: drift alarm, its errors are beyond its validation`] : [],
  );
  const remarks = [...why, ...drifting];
  return remarks.length === 0 ? table : [table, '', ...remarks].join('\n');
}

function rowsOf(model: predictor.ModelStatus): Cell[][] {
  const name = model.version === '' ? model.name : `${model.name}@${model.version}`;
  const state = enumWord(model.state);
  // Nothing of its kind is followed yet.
  if (model.online.length === 0) return [[name, state, ...new Array<Cell>(6).fill(undefined)]];
  return [...model.online]
    .sort((one, other) => one.loss - other.loss)
    .map(({ forecaster, loss, serving, recent, total }): Cell[] => {
      const both = (pick: (record: predictor.ClaimRecord) => number) =>
        recent === null ? undefined : `${pick(recent)} (${pick(total ?? recent)})`;
      return [
        ...[name, state, forecaster, `${(100 * loss).toFixed(1)} %`],
        both(({ hits }) => hits),
        both(({ misses }) => misses),
        both(({ falseAlarms }) => falseAlarms),
        serving,
      ];
    });
}
