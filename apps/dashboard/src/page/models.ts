import type { ModelPageView, ModelsView } from '../model-view.ts';
import { showAskedPage } from './asked-page.ts';
import { html } from './html.ts';
import { ModelPanel } from './model-panel.ts';
import { PageTop } from './page-top.ts';
import { ReportView } from './report-view.ts';

/** What the page shows: every model, or the one it was opened for with its report. */
interface Shown extends ModelsView {
  readonly report: string;
}

const name = new URLSearchParams(location.search).get('name');

void showAskedPage<Shown>({
  Page,
  first: { models: [], report: '', why: 'Asking the predictor.' },
  ask,
  everyMs: 2_000,
});

async function ask(): Promise<Shown> {
  if (name === null) return { ...(await (await fetch('/api/models')).json()), report: '' };
  const answer = await fetch(`/api/models/${encodeURIComponent(name)}`);
  if (answer.status === 404) return { models: [], report: '', why: `There is no model ${name}.` };
  const { model, report }: ModelPageView = await answer.json();
  return { models: [model], report, why: '' };
}

function Page({ models, report, why }: Shown) {
  return html`
    <${PageTop} claim="Learned models beside the simple rules they have to beat">
      <nav>
        <a href="/">Lanes</a>
        <a href="/resources">Resources</a>
        ${name !== null && html`<a href="/models">All models</a>`}
      </nav>
    <//>
    <main class="models">
      ${why !== '' && html`<p class="panel empty" role="status">${why}</p>`}
      ${models.map(
        (model) =>
          html`<${ModelPanel} key=${model.name} model=${model} isWhole=${name !== null} />`,
      )}
      ${name !== null && report !== '' && html`<${ReportView} name=${name} report=${report} />`}
    </main>
  `;
}
