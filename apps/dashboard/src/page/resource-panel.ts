import type { ResourceView, ShadowView } from '../resource-view.ts';
import { bytes, count, percent, significant, timeOfDay } from './format.ts';
import { html } from './html.ts';
import { figure, metricText } from './metric-text.ts';
import { type Look, linePoints } from './resource-history.ts';

const box = { width: 360, height: 72 };
/** Need beyond so many times the size is cut off, or the size could not be seen beside it. */
const needsShownMax = 1.6;

/** One resource: its size within its bounds, what pulls at it, what was done last and why. */
export function ResourcePanel(of: { resource: ResourceView; history: readonly Look[] }) {
  const { resource, history } = of;
  const { name, kind, mode, barred, isTrouble, action, source } = resource;
  const id = `resource-${name}`;
  const state = barred === '' ? `${mode}, in control` : `${mode}, ${barred}`;
  const shade = isTrouble ? 'trouble' : barred === '' && mode === 'enforce' ? 'ruled' : 'rests';
  return html`<section class="panel resource ${shade}" aria-labelledby=${id} data-resource=${name}>
    <header>
      <h2 id=${id}>${name}</h2>
      <p class="status">${state}</p>
    </header>
    <p class="facts">${[kind, resource.model, source].filter(Boolean).join(' · ')}</p>
    <p class="size"><strong>${sized(resource, resource.size)}</strong> ${rangeOf(resource)}</p>
    <${History} resource=${resource} history=${history} />
    <dl>
      <dt>Utilisation</dt>
      <dd>${percent(resource.utilisation)} <span>setpoint ${percent(resource.setpoint)}</span></dd>
      <dt>Force</dt>
      <dd>${forceText(resource.force)}</dd>
      <dt>Changes</dt>
      <dd>${count(resource.changes)} <span>${count(resource.refusedChanges)} withheld</span></dd>
      <dt>Original</dt>
      <dd>${resource.original > 0 ? sized(resource, resource.original) : 'none noted'}</dd>
      ${
        resource.latencyBudgetMs > 0 &&
        html`<dt>Latency budget</dt>
          <dd>${significant(resource.latencyBudgetMs)} ms</dd>`
      }
    </dl>
    <${Metrics} metrics=${resource.metrics} />
    ${resource.shadow !== null && html`<${Shadow} shadow=${resource.shadow} />`}
    ${
      action !== null &&
      html`<p class="action ${action.isApplied ? 'applied' : ''}">
        <time>${timeOfDay(action.timeUnixMs)}</time> ${action.text}
      </p>`
    }
  </section>`;
}

/** The last three minutes: size as a line, need as an area. */
function History({ resource, history }: { resource: ResourceView; history: readonly Look[] }) {
  const highestSize = Math.max(...history.map(({ size }) => size), 0);
  const highestNeed = Math.max(...history.map(({ need }) => need), 0);
  const highest = Math.max(highestSize, Math.min(highestNeed, needsShownMax * highestSize));
  if (history.length < 2 || highest === 0) return html`<div class="history"></div>`;
  const frame = { ...box, top: 1.1 * highest };
  const needs = linePoints(
    history.map(({ need }) => need),
    frame,
  );
  const sizes = linePoints(
    history.map(({ size }) => size),
    frame,
  );
  const first = needs.slice(0, needs.indexOf(','));
  const area = `${first},${box.height} ${needs} ${box.width},${box.height}`;
  const label = `Size and held peak need of ${resource.name}, last three minutes`;
  return html`<svg
    class="history"
    viewBox="0 0 ${box.width} ${box.height}"
    preserveAspectRatio="none"
    role="img"
    aria-label=${label}
  >
    <polygon points=${area} />
    <polyline points=${sizes} />
  </svg>`;
}

/** Figures of its own, as many in a line as there is room for. */
function Metrics({ metrics }: Pick<ResourceView, 'metrics'>) {
  if (metrics.length === 0) return null;
  return html`<ul class="metrics">
    ${metrics.map(({ name, value }) => {
      const { label, text } = metricText(name, value);
      return html`<li key=${name}>${label} <strong>${text}</strong></li>`;
    })}
  </ul>`;
}

function Shadow({ shadow }: { shadow: ShadowView }) {
  const { measuredBytes, reactiveBytes, staticBytes } = shadow;
  const prevented = Math.max(0, reactiveBytes - measuredBytes);
  const dropped = `${bytes(measuredBytes)} were dropped`;
  const beside = `${bytes(reactiveBytes)} with the reactive law`;
  return html`<p class="shadow">
    Drops prevented (estimate): <strong>${bytes(prevented)}</strong>${' '}
    (${dropped}; ${beside}, ${bytes(staticBytes)} with the original limit)
  </p>`;
}

function sized({ unit }: ResourceView, size: number): string {
  return unit === 'bytes' ? bytes(size) : `${figure(size)} ${unit}`;
}

function rangeOf(resource: ResourceView): string {
  const { min, max, unit } = resource;
  if (unit === 'bytes') return `within ${bytes(min)} to ${bytes(max)}`;
  return `within ${figure(min)} to ${figure(max)}`;
}

function forceText(force: number): string {
  if (force === 0) return '0 at rest';
  const direction = force > 0 ? 'towards more' : 'towards less';
  return `${Math.abs(force) < 0.01 ? force.toExponential(1) : significant(force)} ${direction}`;
}
