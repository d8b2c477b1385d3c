import type { ServiceView } from '../view.ts';
import { html } from './html.ts';

/** Every service with its state; the mark's shape says it as well as its colour. */
export function ServiceList({ services }: { services: readonly ServiceView[] }) {
  return html`<section class="panel services" aria-labelledby="services-title">
    <header><h2 id="services-title">Services</h2></header>
    <ul>
      ${services.map(
        ({ name, address, state, why }) => html`<li key=${name} class=${state} data-service=${name}>
          <svg class="mark" viewBox="0 0 12 12" aria-hidden="true">
            ${
              state === 'up'
                ? html`<circle cx="6" cy="6" r="4.5" />`
                : state === 'degraded'
                  ? html`<path d="M6 1 11.5 11H.5Z" />`
                  : html`<path d="M2 2 10 10M10 2 2 10" class="cross" />`
            }
          </svg>
          <span class="name">${name}</span>
          <span class="state">${state}</span>
          <span class="where">${why === '' ? address : why}</span>
        </li>`,
      )}
    </ul>
  </section>`;
}
