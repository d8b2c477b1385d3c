import { isGenerated, offencesByLine, type Rule, type SourceFile } from './source-tree.ts';

const self = /^tools\/tidy\//;
const code = /\.(ts|mjs|js)$/;

/** Absolute paths of somebody's machine, hosts that serve packages. */
const workTrace = new RegExp(
  [
    String.raw`(?<![\w./-])/(work|root|home/\w+|Users/\w+)/`,
    String.raw`\bregistry\.[a-z0-9-]+\.`,
    String.raw`//[\w.-]*(artifactory|verdaccio|nexus)`,
  ].join('|'),
);

/** What must not stand in a text. */
export const textRules: readonly Rule[] = [
  {
    name: 'nothing is left to do later in a comment',
    check: forbid(
      (path) => !self.test(path),
      /\b(TODO|FIXME|XXX|HACK)\b/,
      'do it, or open an issue',
    ),
  },
  {
    name: 'no test is switched off or singled out by hand',
    check: forbid(
      (path) => /\.test\.ts$/.test(path) && !self.test(path),
      /\b(it|test|describe|suite)\.(skip|only|todo)\b/,
      'a missing component is what @levitate/testing is for',
    ),
  },
  {
    name: 'nothing is exported by star',
    check: forbid((path) => code.test(path) && !self.test(path), /^\s*export \*/, 'list the names'),
  },
  {
    name: 'nothing names a machine, a home folder or a package registry',
    check: forbid((path) => !self.test(path), workTrace, 'it is true on one machine only'),
  },
  {
    name: 'only a composition root reads the environment of an app',
    check: forbid(
      (path) => /^apps\/.*\.ts$/.test(path) && !/\/main\.ts$|\.test\.ts$/.test(path),
      /\bprocess\.env\b/,
      'main.ts reads it and passes it on',
    ),
  },
];

function forbid(applies: (path: string) => boolean, sign: RegExp, why: string): Rule['check'] {
  return ({ files }) =>
    files
      .filter(({ path }) => applies(path) && (!isGenerated(path) || path === 'package-lock.json'))
      .flatMap((file: SourceFile) =>
        offencesByLine(file, (line) => {
          const match = sign.exec(line);
          return match === null ? undefined : `"${match[0].trim()}": ${why}`;
        }),
      );
}
