import { render, type VNode } from 'preact';

/** Draws the whole page anew; preact changes what is different from the last time. */
export function drawPage(markup: VNode): void {
  const place = document.querySelector('#page');
  if (place) render(markup, place);
}
