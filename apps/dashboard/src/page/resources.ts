import { render } from 'preact';
import type { ResourcesView } from '../resource-view.ts';
import { CanaryPanel } from './canary-panel.ts';
import { html } from './html.ts';
import { ResourceHistories } from './resource-history.ts';
import { ResourcePanel } from './resource-panel.ts';
import { watchTheme } from './theme.ts';

/** What the page knows; undefined until the first answer. */
let view: ResourcesView | undefined;
const histories = new ResourceHistories();

watchTheme(draw);
draw();
void follow();

/** Asks again every second while somebody looks. */
async function follow(): Promise<void> {
  for (;;) {
    if (!document.hidden) {
      try {
        const next: ResourcesView = await (await fetch('/api/resources')).json();
        histories.add(next.resources);
        view = next;
      } catch {
        const why = 'The dashboard does not answer; trying again.';
        view = { resources: [], canaries: [], pausedUntilUnixMs: null, ...view, why };
      }
      draw();
    }
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
}

function draw(): void {
  const page = document.querySelector('#page');
  if (page) render(html`<${Page} />`, page);
}

function Page() {
  const { resources = [], canaries = [], pausedUntilUnixMs = null } = view ?? {};
  const why = view === undefined ? 'Asking the controller.' : view.why;
  return html`
    <header class="top">
      <h1>Levitate</h1>
      <p class="claim">Every resource under one law, inside its envelope</p>
      <nav>
        <a href="/">Lanes</a>
        <a href="/models">Models</a>
      </nav>
    </header>
    <main>
      ${why !== '' && html`<p class="panel empty" role="status">${why}</p>`}
      ${pausedUntilUnixMs !== null && html`<${Paused} untilUnixMs=${pausedUntilUnixMs} />`}
      ${canaries.map((one) => html`<${CanaryPanel} key=${one.kind} canary=${one} />`)}
      ${resources.length > 0 && html`<${Legend} />`}
      <div class="resources">
        ${resources.map(
          (one) => html`<${ResourcePanel}
            key=${one.name}
            resource=${one}
            history=${histories.of(one.name)}
          />`,
        )}
      </div>
    </main>
  `;
}

function Legend() {
  return html`<p class="legend">
    Last three minutes: <span class="size">line</span>, the size in force;
    ${' '}<span class="need">shaded</span>, the most that was needed of late
  </p>`;
}

function Paused({ untilUnixMs }: { untilUnixMs: number }) {
  const until = untilUnixMs === 0 ? '' : ` until ${new Date(untilUnixMs).toLocaleTimeString()}`;
  return html`<p class="banner unknown" role="status">
    <strong>The kill switch is thrown</strong>${until}: originals are in force;
    <code>levitate fsu resume</code> ends it
  </p>`;
}

const REFRESH_MS = 1_000;
