import { drawPage } from './draw-page.ts';
import { html } from './html.ts';
import { watchTheme } from './theme.ts';

/** A page drawn out of one answer of the dashboard. */
export interface AskedPage<View extends { readonly why: string }> {
  /** Its markup; gets what is known. */
  readonly Page: (view: View) => unknown;
  /** What is known before the first answer; `why` says that it is awaited. */
  readonly first: View;
  readonly ask: () => Promise<View>;
  /** Between an answer and the next question, ms. */
  readonly everyMs: number;
}

/** Draws at once, then asks again and again while somebody looks, for as long as it is open. */
export async function showAskedPage<View extends { readonly why: string }>(
  page: AskedPage<View>,
): Promise<never> {
  let view = page.first;
  const draw = () => drawPage(html`<${page.Page} ...${view} />`);
  watchTheme(draw);
  draw();
  for (;;) {
    // Nobody looks at a hidden page.
    if (!document.hidden) {
      try {
        view = await page.ask();
      } catch {
        view = { ...view, why: 'The dashboard does not answer; trying again.' };
      }
      draw();
    }
    await new Promise((resolve) => setTimeout(resolve, page.everyMs));
  }
}
