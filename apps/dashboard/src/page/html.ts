import htm from 'htm';
import { h, type VNode } from 'preact';

/** htm's types describe its CommonJS file; the module's default export is the function itself. */
type Htm = (this: typeof h, strings: TemplateStringsArray, ...values: unknown[]) => VNode;

/** Markup as a tagged template; the browser needs no build for it. */
export const html = (htm as unknown as Htm).bind(h);
