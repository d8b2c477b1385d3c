import type {
  ClaimRecordView,
  DriftView,
  ModelClassView,
  ModelView,
  OnlineScoreView,
} from '../model-view.ts';
import { count, percent, significant } from './format.ts';
import { html } from './html.ts';

/** One model: whether it serves and why not, its baselines beside it, its drift. */
export function ModelPanel({ model, isWhole }: { model: ModelView; isWhole: boolean }) {
  const { name, version, state, why, description } = model;
  const id = `model-${name}`;
  const title = version === '' ? name : `${name}@${version}`;
  const classes = model.classes.map(
    (one) => html`<${ClassTable} key=${one.trafficClass} of=${one} />`,
  );
  const extent = isWhole ? 'whole' : '';
  return html`<section
    class="panel model ${state} ${extent}"
    aria-labelledby=${id}
    data-model=${name}
  >
    <header>
      <h2 id=${id}>
        ${isWhole ? title : html`<a href="/models?name=${encodeURIComponent(name)}">${title}</a>`}
      </h2>
      <p class="status" data-state=${state}>${stateWords[state]}</p>
    </header>
    ${description !== '' && html`<p>${description}</p>`}
    ${why !== '' && html`<p class="why">${why}</p>`}
    <p class="facts">${factsOf(model)}</p>
    ${
      model.online.length > 0
        ? html`<${OnlineTable} scores=${model.online} />`
        : isLoaded(model) && html`<p class="none">${nothingYet(model)}</p>`
    }
    ${model.drift !== null && model.drift.count > 0 && html`<${Drift} drift=${model.drift} />`}
    ${isWhole && html`<div class="classes">${classes}</div>`}
    ${
      !isWhole &&
      classes.length > 0 &&
      html`<details>
        <summary>${summaryOf(model)}</summary>
        ${classes}
      </details>`
    }
  </section>`;
}

function isLoaded({ state }: ModelView): boolean {
  return state !== 'refused' && state !== 'unknown';
}

/** Why there is no score in service. */
function nothingYet({ capability }: ModelView): string {
  const what = capability === 'burst' ? 'no link that suits it is' : 'no path is';
  return `Nothing to compare in service yet: ${what} followed.`;
}

const stateWords: Readonly<Record<ModelView['state'], string>> = {
  serving: 'serves where it won',
  standby: 'stands by: a simple rule won',
  demoted: 'demoted: a simple rule serves',
  refused: 'refused',
  unknown: 'state unknown',
};

/** `Before service: beside its rivals on 4 classes of traffic`. */
function summaryOf({ classes }: ModelView): string {
  const kinds = classes.length === 1 ? 'one class' : `${count(classes.length)} classes`;
  return `Before service: beside its rivals on ${kinds} of traffic`;
}

function factsOf({ capability, family, parameters, backend }: ModelView): string {
  const weights = parameters === 0 ? '' : `${count(parameters)} weights`;
  const on = backend === '' ? '' : `on ${backend}`;
  return [capability, family, weights, on].filter((word) => word !== '').join(' · ');
}

function ClassTable({ of }: { of: ModelClassView }) {
  const { trafficClass, winner, chosenBy, rows } = of;
  return html`<table>
    <caption>
      ${trafficClass}, by ${chosenBy}
    </caption>
    <thead>
      <tr>
        <th scope="col">Forecaster</th>
        <th scope="col" class="number">Validation</th>
        <th scope="col" class="number">Test</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ forecaster, validation, test }) => html`<tr
          key=${forecaster}
          class=${forecaster === winner ? 'winner' : ''}
        >
          <th scope="row">${forecaster}${forecaster === winner ? ' · won' : ''}</th>
          <td class="number">${figure(validation)}</td>
          <td class="number">${figure(test)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Least error first; of bursts what was hit, of bandwidth how far off it was. */
function OnlineTable({ scores }: { scores: readonly OnlineScoreView[] }) {
  const sorted = [...scores].sort((one, other) => one.loss - other.loss);
  const isOfBursts = scores.some(({ recent }) => recent !== null);
  const columns = isOfBursts
    ? ['Hits', 'Misses', 'False alarms', 'Links']
    : ['Error', 'Compared', 'Paths'];
  return html`<table>
    <caption>
      In service, against what really came${isOfBursts && ': newest onsets of each link (all)'}
    </caption>
    <thead>
      <tr>
        <th scope="col">Forecaster</th>
        ${columns.map((name) => html`<th scope="col" class="number">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${sorted.map(
        (one) => html`<tr key=${one.forecaster}>
          <th scope="row">${one.forecaster}</th>
          ${cellsOf(one).map((cell) => html`<td class="number">${cell}</td>`)}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function cellsOf({ loss, count: compared, serving, recent, total }: OnlineScoreView): string[] {
  if (recent === null) return [percent(loss), count(compared), count(serving)];
  const both = (pick: (record: ClaimRecordView) => number) =>
    `${count(pick(recent))} (${count(pick(total ?? recent))})`;
  return [
    both(({ hits }) => hits),
    both(({ misses }) => misses),
    both(({ falseAlarms }) => falseAlarms),
    count(serving),
  ];
}

function Drift({ drift }: { drift: DriftView }) {
  const { value, threshold, isRaised, statistic } = drift;
  const most = 2 * threshold;
  return html`<p class="drift ${isRaised ? 'raised' : ''}" data-drift=${isRaised}>
    <span>${isRaised ? 'Drift alarm' : 'No drift'}</span>
    <meter min="0" max=${most} high=${threshold} value=${value} aria-label=${statistic}></meter>
    <span class="number">${figure(value)} of ${figure(threshold)}</span>
  </p>`;
}

function figure(value: number | null): string {
  if (value === null) return '–';
  return Math.abs(value) < 1 && value !== 0 ? value.toPrecision(3) : significant(value);
}
