import type { ComponentChildren } from 'preact';
import { html } from './html.ts';

/** What stands above every page: the name, what the page shows, and `children` at its end. */
export function PageTop({ claim, children }: { claim: string; children?: ComponentChildren }) {
  return html`<header class="top">
    <h1>Levitate</h1>
    <p class="claim">${claim}</p>
    ${children}
  </header>`;
}
