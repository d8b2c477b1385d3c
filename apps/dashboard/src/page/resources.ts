import type { ResourcesView } from '../resource-view.ts';
import { showAskedPage } from './asked-page.ts';
import { CanaryPanel } from './canary-panel.ts';
import { html } from './html.ts';
import { PageTop } from './page-top.ts';
import { ResourceHistories } from './resource-history.ts';
import { ResourcePanel } from './resource-panel.ts';

const histories = new ResourceHistories();

void showAskedPage<ResourcesView>({
  Page,
  first: { resources: [], canaries: [], pausedUntilUnixMs: null, why: 'Asking the controller.' },
  ask,
  everyMs: 1_000,
});

async function ask(): Promise<ResourcesView> {
  const view: ResourcesView = await (await fetch('/api/resources')).json();
  histories.add(view.resources);
  return view;
}

function Page({ resources, canaries, pausedUntilUnixMs, why }: ResourcesView) {
  return html`
    <${PageTop} claim="Every resource under one law, inside its envelope">
      <nav>
        <a href="/">Lanes</a>
        <a href="/models">Models</a>
      </nav>
    <//>
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
    <strong>The kill switch is thrown${until}</strong> originals are in force;${' '}
    <code>levitate fsu resume</code> ends it
  </p>`;
}
