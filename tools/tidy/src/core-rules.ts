import ts from 'typescript';
import { layerOf, roomsOf } from './rooms.ts';
import { type Offence, offencesByLine, type Rule, type SourceFile } from './source-tree.ts';

const allowedModule = /^(\.{1,2}\/|node:assert(\/strict)?$)/;

/** Globals that bring time, chance or the outside world into a core. */
const impureNames = [
  ...['Date', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance'],
  ...['process', 'console', 'crypto', 'fetch', 'require', 'globalThis', 'Temporal'],
];
const impure = new RegExp(
  `(?<![\\w.$])(${impureNames.join('|')})\\b(?!:)|\\bMath\\.random\\b|\\bimport\\s*\\(`,
);

/** Layer core: a function of state, input and now. */
export const coreRules: readonly Rule[] = [
  {
    name: 'a core imports cores and node:assert, nothing else',
    check: (tree) => {
      const rooms = roomsOf(tree).filter((room) => layerOf(room) === 'core');
      const cores = new Set(rooms.map(({ manifest }) => manifest.name));
      const declared = rooms.flatMap(({ folder, manifest }) =>
        Object.keys(manifest.dependencies ?? {})
          .filter((name) => !cores.has(name))
          .map((name) => ({ path: `${folder}/package.json`, what: `depends on ${name}` })),
      );
      const imported = coreSources(tree.files, rooms).flatMap((file) =>
        ts
          .preProcessFile(file.text, true, true)
          .importedFiles.flatMap(({ fileName, pos }) =>
            allowedModule.test(fileName) || cores.has(fileName)
              ? []
              : [{ path: file.path, line: lineAt(file.text, pos), what: `imports ${fileName}` }],
          ),
      );
      return [...declared, ...imported];
    },
  },
  {
    name: 'a core has no clock, chance, timer, process or socket',
    check: (tree) => {
      const rooms = roomsOf(tree).filter((room) => layerOf(room) === 'core');
      return coreSources(tree.files, rooms).flatMap(impureOffences);
    },
  },
];

function coreSources(files: readonly SourceFile[], rooms: readonly { folder: string }[]) {
  return files.filter(
    ({ path }) =>
      path.endsWith('.ts') &&
      !path.endsWith('.test.ts') &&
      rooms.some(({ folder }) => path.startsWith(`${folder}/src/`)),
  );
}

function impureOffences(file: SourceFile): Offence[] {
  const text = withoutComments(file.text);
  return offencesByLine({ path: file.path, text }, (line) => {
    const match = impure.exec(line);
    return match === null ? undefined : `uses ${match[0].trim()}; it comes in as an argument`;
  });
}

/** Comments and string contents blanked, line numbers kept. */
export function withoutComments(text: string): string {
  const blank = (match: string): string => match.replace(/[^\n]/g, ' ');
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g,
    blank,
  );
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
