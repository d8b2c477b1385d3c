/** What one page is, apart from the others: the frame around it is the same. */
interface Page {
  /** Where the browser finds it. */
  readonly path: string;
  readonly title: string;
  /** In `page/`. */
  readonly script: string;
  /** In this order, the later wins; in `page/` where no folder is named. */
  readonly styles: readonly string[];
  /** Where the same values are, as JSON. */
  readonly json: string;
}

/** Every page there is. */
export const pages: readonly Page[] = [
  {
    ...{ path: '/', title: 'Levitate', json: '/api/lanes' },
    script: 'page.ts',
    styles: ['/vendor/uplot.css', 'theme.css', 'lane.css', 'page.css', 'host.css'],
  },
  {
    ...{ path: '/models', title: 'Levitate models', json: '/api/models' },
    ...{ script: 'models.ts', styles: ['theme.css', 'page.css', 'models.css'] },
  },
  {
    ...{ path: '/resources', title: 'Levitate resources', json: '/api/resources' },
    ...{ script: 'resources.ts', styles: ['theme.css', 'page.css', 'resources.css'] },
  },
];

/**
 * The document around a page, whose script draws all there is to see.
 *
 * @param importMap JSON as it stands in the document, which the policy names by its digest
 */
export function pageFrame({ title, script, styles, json }: Page, importMap: string): string {
  const sheets = styles.map(
    (name) => `<link rel="stylesheet" href="${name.startsWith('/') ? name : `/page/${name}`}" />`,
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title}</title>
    <link rel="icon" href="/page/icon.svg" type="image/svg+xml" />
    ${sheets.join('\n    ')}
    <script type="importmap">${importMap}</script>
    <script type="module" src="/page/${script}"></script>
  </head>
  <body>
    <noscript>
      This page draws live values and needs JavaScript; the same values are JSON at ${json}.
    </noscript>
    <div id="page"></div>
  </body>
</html>
`;
}
