import { isGenerated, offencesByLine, type Rule } from './source-tree.ts';

const lineCharactersMax = 100;
const fileLinesMax = 500;
const mainLinesMax = 60;

const written = /\.(ts|mjs|js|css|html|md|proto|ya?ml|sh|c|h)$/;

/** A line that must stay whole: a row of a Markdown table, a link, a picture. */
const unbreakable = /^\s*\||https?:\/\/|!\[.*\]\(/;

/** How long things may be. */
export const sizeRules: readonly Rule[] = [
  {
    name: `no line is longer than ${lineCharactersMax} characters`,
    check: ({ files }) =>
      files
        .filter(({ path }) => written.test(path) && !isGenerated(path))
        .flatMap((file) =>
          offencesByLine(file, (line) =>
            line.length > lineCharactersMax && !unbreakable.test(line)
              ? `${line.length} characters, ${lineCharactersMax} allowed`
              : undefined,
          ),
        ),
  },
  {
    name: `no file is longer than ${fileLinesMax} lines`,
    check: ({ files }) =>
      tooLong(
        files.filter(({ path }) => written.test(path)),
        fileLinesMax,
      ),
  },
  {
    name: `a composition root (main.ts) has at most ${mainLinesMax} lines`,
    check: ({ files }) =>
      tooLong(
        files.filter(({ path }) => /^(apps|tools)\/[^/]+\/src\/main\.ts$/.test(path)),
        mainLinesMax,
      ),
  },
];

function tooLong(files: Parameters<Rule['check']>[0]['files'], linesMax: number) {
  return files
    .filter(({ path }) => !isGenerated(path) && path !== 'CHANGELOG.md')
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > linesMax)
    .map(({ path, lines }) => ({ path, what: `${lines} lines, ${linesMax} allowed` }));
}
