import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageFrame, pages } from './page-frame.ts';

/** A file the browser may ask for. */
export interface PageFile {
  readonly contentType: string;
  readonly body: string;
  readonly etag: string;
}

/** Everything the page is made of, by path, and the policy it is served under. */
export interface PageFiles {
  readonly files: ReadonlyMap<string, PageFile>;
  readonly contentSecurityPolicy: string;
}

const pageFolder = fileURLToPath(new URL('./page', import.meta.url));
const require = createRequire(import.meta.url);

/** Packages the page imports, each as one file; nothing comes from another host. */
const vendors = {
  preact: join(dirname(require.resolve('preact')), 'preact.module.js'),
  'preact/hooks': join(dirname(require.resolve('preact/hooks')), 'hooks.module.js'),
  htm: join(dirname(require.resolve('htm')), 'htm.module.js'),
  uplot: join(dirname(require.resolve('uplot')), 'uPlot.esm.js'),
};
const uplotStyle = join(dirname(require.resolve('uplot')), 'uPlot.min.css');

/** Reads the page once, at start: its TypeScript with the types stripped, its style, packages. */
export async function loadPageFiles(): Promise<PageFiles> {
  const files = new Map<string, PageFile>();
  const script = 'text/javascript; charset=utf-8';
  const importMap = JSON.stringify({
    imports: Object.fromEntries(
      Object.keys(vendors).map((name) => [name, `/vendor/${name.replace('/', '-')}.js`]),
    ),
  });
  for (const [name, path] of Object.entries(vendors)) {
    const source = await readFile(path, 'utf8');
    const body = source.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    files.set(`/vendor/${name.replace('/', '-')}.js`, pageFile(script, body));
  }
  const style = 'text/css; charset=utf-8';
  files.set('/vendor/uplot.css', pageFile(style, await readFile(uplotStyle, 'utf8')));
  for (const name of await readdir(pageFolder)) {
    const text = await readFile(join(pageFolder, name), 'utf8');
    if (name.endsWith('.test.ts')) continue;
    if (name.endsWith('.ts')) {
      files.set(`/page/${name}`, pageFile(script, stripTypeScriptTypes(text)));
    } else if (name.endsWith('.css')) {
      files.set(`/page/${name}`, pageFile(style, text));
    } else if (name.endsWith('.svg')) {
      files.set(`/page/${name}`, pageFile('image/svg+xml', text));
    }
  }
  for (const page of pages) {
    files.set(page.path, pageFile('text/html; charset=utf-8', pageFrame(page, importMap)));
  }
  return { files, contentSecurityPolicy: policy(importMap) };
}

/** Own files only; the one inline script, the import map, is named by its digest. */
function policy(importMap: string): string {
  const digest = createHash('sha256').update(importMap).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${digest}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function pageFile(contentType: string, body: string): PageFile {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { contentType, body, etag };
}
