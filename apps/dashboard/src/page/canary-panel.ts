import type { CanarySideView, CanaryView } from '../resource-view.ts';
import { count, significant } from './format.ts';
import { html } from './html.ts';

const phaseWords: Readonly<Record<CanaryView['phase'], string>> = {
  idle: 'not begun',
  soaking: 'soaking',
  done: 'every host enforces',
  'rolled-back': 'rolled back',
  unknown: 'unknown',
};

/** How far enforcement is rolled out over the hosts of one kind of resource, and how it does. */
export function CanaryPanel({ canary }: { canary: CanaryView }) {
  const { kind, phase, hosts, enforcingHosts, reason } = canary;
  const isSoaking = phase === 'soaking';
  return html`<section class="panel canary ${phase}" data-canary=${kind}>
    <header>
      <h2>Roll-out: ${kind}</h2>
      <p class="status">${phaseWords[phase]}</p>
    </header>
    <p>
      <progress max=${hosts} value=${enforcingHosts.length}></progress>
      ${extentText(canary)}
    </p>
    ${
      isSoaking &&
      html`<p class="facts">
        enforcing ${sideText(canary.enforcing)} · the rest ${sideText(canary.rest)}
      </p>`
    }
    ${reason !== '' && html`<p class="why">${reason}</p>`}
  </section>`;
}

function extentText(canary: CanaryView): string {
  const { phase, stage, stages, hosts, enforcingHosts } = canary;
  const extent = `${count(enforcingHosts.length)} of ${count(hosts)} hosts enforce`;
  if (phase !== 'soaking') return extent;
  return `${extent} · stage ${stage + 1} of ${stages}, next in ${timeText(canary)}`;
}

function sideText({ dropShare, p99DelayMs }: CanarySideView): string {
  return `${(100 * dropShare).toFixed(3)} % dropped, p99 ${significant(p99DelayMs)} ms`;
}

function timeText({ soakRemainingSeconds }: CanaryView): string {
  const minutes = Math.ceil(soakRemainingSeconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
