import { render } from 'preact';
import type { ModelPageView, ModelsView } from '../model-view.ts';
import { html } from './html.ts';
import { ModelPanel } from './model-panel.ts';
import { ReportView } from './report-view.ts';
import { watchTheme } from './theme.ts';

const name = new URLSearchParams(location.search).get('name');
/** What the page knows; undefined until the first answer. */
let view: ModelsView | undefined;
let report = '';

watchTheme(draw);
draw();
void follow();

/** Asks again every two seconds while somebody looks; a report does not change. */
async function follow(): Promise<void> {
  for (;;) {
    if (!document.hidden) {
      try {
        view = await look();
      } catch {
        view = { models: view?.models ?? [], why: 'The dashboard does not answer; trying again.' };
      }
      draw();
    }
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
}

async function look(): Promise<ModelsView> {
  if (name === null) return (await fetch('/api/models')).json();
  const answer = await fetch(`/api/models/${encodeURIComponent(name)}`);
  if (answer.status === 404) return { models: [], why: `There is no model ${name}.` };
  const page: ModelPageView = await answer.json();
  report = page.report;
  return { models: [page.model], why: '' };
}

function draw(): void {
  const page = document.querySelector('#page');
  if (page) render(html`<${Page} />`, page);
}

function Page() {
  const models = view?.models ?? [];
  const why = view === undefined ? 'Asking the predictor.' : view.why;
  return html`
    <header class="top">
      <h1>Levitate</h1>
      <p class="claim">Learned models beside the simple rules they have to beat</p>
      <nav>
        <a href="/">Lanes</a>
        <a href="/resources">Resources</a>
        ${name !== null && html`<a href="/models">All models</a>`}
      </nav>
    </header>
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

const REFRESH_MS = 2_000;
