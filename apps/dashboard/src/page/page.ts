import type { KernelState } from '../view.ts';
import { AxisTops } from './axis-top.ts';
import { DecisionList } from './decision-list.ts';
import { drawPage } from './draw-page.ts';
import { Headline } from './headline.ts';
import { HostPanel } from './host-panel.ts';
import { html } from './html.ts';
import { LanePanel } from './lane-panel.ts';
import { fitTops } from './lane-plots.ts';
import { followView, type LiveView } from './live-view.ts';
import { PageTop } from './page-top.ts';
import { ServiceList } from './service-list.ts';
import { currentTheme, switchTheme, watchTheme } from './theme.ts';

const tops = new AxisTops();
let live: LiveView = { view: undefined, isLive: false };
let theme = 0;

watchTheme(redrawAll);
followView((next) => {
  live = next;
  // Nobody looks at a hidden page; it is drawn when it is shown again.
  if (!document.hidden) draw();
});
document.addEventListener('visibilitychange', draw);
draw();

function redrawAll(): void {
  theme += 1;
  draw();
}

function draw(): void {
  drawPage(html`<${Page} ...${live} theme=${theme} />`);
}

function Page({ view, isLive, theme: drawn }: LiveView & { theme: number }) {
  const lanes = view?.lanes ?? [];
  const axes = fitTops(lanes, tops);
  return html`
    <a class="skip" href="#lanes">Skip to the lanes</a>
    <${PageTop} claim="Queue limits raised before the burst arrives">
      <${Connection} isLive=${isLive} isFirst=${view === undefined} />
      <${ThemeSwitch} />
    <//>
    <main>
      ${view && html`<${KernelBanner} state=${view.state} />`}
      <${Headline} lanes=${lanes} />
      <div class="lanes" id="lanes">
        ${
          lanes.length === 0
            ? html`<p class="panel empty">
              No lanes yet. They appear as soon as ebpf-agent or fsu-controller answers.
            </p>`
            : lanes.map(
                (lane) => html`<${LanePanel}
                key=${lane.link}
                lane=${lane}
                tops=${axes}
                nowUnixMs=${view?.nowUnixMs ?? 0}
                theme=${drawn}
              />`,
              )
        }
      </div>
      <div class="below">
        <${DecisionList} decisions=${view?.decisions ?? []} lanes=${lanes} />
        <div class="beside">
          <${ServiceList} services=${view?.services ?? []} />
          <p class="panel">
            <a href="/resources">Every resource that is sized</a>,
            <a href="/models">models of the predictor</a>
          </p>
          ${view && html`<${HostPanel} host=${view.host} state=${view.state} />`}
        </div>
      </div>
    </main>
  `;
}

function KernelBanner({ state }: { state: KernelState }) {
  const title = { real: 'Real kernel', simulated: 'Simulated kernel', unknown: 'Kernel unknown' };
  return html`<p class="banner ${state.kernel}" role="status" data-kernel=${state.kernel}>
    <strong>${title[state.kernel]}</strong> ${state.reason}
  </p>`;
}

function Connection({ isLive, isFirst }: { isLive: boolean; isFirst: boolean }) {
  const words = isLive ? 'live' : isFirst ? 'connecting' : 'connection lost, trying again';
  return html`<p class="connection ${isLive ? 'up' : 'down'}" role="status">${words}</p>`;
}

function ThemeSwitch() {
  const isDark = currentTheme() === 'dark';
  const onClick = () => {
    switchTheme();
    redrawAll();
  };
  return html`<button type="button" class="theme" aria-pressed=${isDark} onClick=${onClick}>
    Dark
  </button>`;
}
