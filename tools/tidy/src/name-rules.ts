import { isGenerated, offencesByLine, type Rule } from './source-tree.ts';

/** Words that say nothing about what is inside. */
const emptyWords = [
  ...['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'handler', 'handlers'],
  ...['processor', 'base', 'impl', 'temp', 'tmp', 'stuff'],
];

/** Files whose names others have fixed. */
const fixedName = /^(\.[a-z].*|[A-Z]+\.md|LICENSE|Makefile|tsconfig\.base\.json)$/;
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const snakeCase = /^[a-z0-9]+(_[a-z0-9]+)*(\.proto|\.bpf\.c)?$/;

const declared = /\b(?:class|interface|type|function|const|let)\s+([A-Za-z_$][\w$]*)/g;
const emptyIdentifier = /(?:Util|Utils|Helper|Helpers|Manager|Processor|Impl|Misc|Base)$/;

/** What things may be called. */
export const nameRules: readonly Rule[] = [
  {
    name: 'files and folders are in kebab-case (snake_case: proto/, as Buf wants it; *.bpf.c)',
    check: ({ files }) =>
      files
        .filter(({ path }) => !isGenerated(path))
        .flatMap(({ path }) => {
          const isSnake = path.startsWith('proto/') || path.endsWith('.bpf.c');
          const wanted = isSnake ? [kebabCase, snakeCase] : [kebabCase];
          const parts = path.split('/');
          const bad = parts.filter(
            (part) => !fixedName.test(part) && !wanted.some((form) => form.test(part)),
          );
          return bad.map((part) => ({ path, what: `"${part}" is not kebab-case` }));
        }),
  },
  {
    name: 'no file or folder has a name that says nothing',
    check: ({ files }) =>
      files
        .filter(({ path }) => !isGenerated(path) && path !== 'tsconfig.base.json')
        .flatMap(({ path }) =>
          path
            .split(/[/.-]/)
            .filter((word) => emptyWords.includes(word))
            .map((word) => ({ path, what: `"${word}" says nothing; use the noun of the domain` })),
        ),
  },
  {
    name: 'nothing declared has a name that says nothing',
    check: ({ files }) =>
      files
        .filter(({ path }) => /\.(ts|mjs)$/.test(path) && !path.startsWith('tools/tidy/'))
        .filter(({ path }) => !isGenerated(path))
        .flatMap((file) =>
          offencesByLine(file, (line) => {
            const names = [...line.matchAll(declared)].map((match) => match[1] ?? '');
            const bad = names.find((name) => emptyIdentifier.test(name));
            return bad === undefined ? undefined : `"${bad}" says nothing`;
          }),
        ),
  },
];
