import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { Declarations } from './declarations.ts';

/** What `emitTypes` is told. */
export interface EmitOptions {
  /** Root of the repository. */
  root: string;
  /** Sources whose exports are the package's. */
  entries: readonly string[];
  /** Folder that takes the declarations, in the layout of the repository. */
  folder: string;
}

/**
 * Declarations of the entries and of all they mention. Types of npm packages are not there where
 * the package is installed, as their code is bundled: they become `unknown`.
 * @throws Error where a declaration cannot be made
 */
export function emitTypes({ root, entries, folder }: EmitOptions): void {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([...entries], {
    ...options,
    allowJs: false,
    noEmit: false,
    // That there are no errors is what the typecheck of every room says.
    noCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    // By way of node_modules they would be somebody else's, of which nothing is emitted.
    paths: { '@levitate/*': [join(root, 'libs/*/src/index.ts')] },
    rootDir: root,
    outDir: root,
  });
  const declarations = new Declarations(program, join(root, 'packages'));
  const waiting = [...entries];
  const written = new Set<string>();
  for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
    if (written.has(source)) continue;
    written.add(source);
    const { text, mentions } = declarations.of(source);
    waiting.push(...mentions);
    write(join(folder, relative(root, declarationOf(source))), text);
  }
  for (const [source, names] of declarations.foreign) {
    write(join(folder, relative(root, declarationOf(source))), opaque(names));
  }
}

/** `a.d.ts` of `a.ts`. */
export function declarationOf(source: string): string {
  return source.replace(/(?<!\.d)\.ts$/, '.d.ts');
}

/** Names of no meaning here, with as many parameters as anybody gives them. */
function opaque(names: ReadonlySet<string>): string {
  return [...names].map((name) => `export type ${name}<_A = 0, _B = 0> = unknown;\n`).join('');
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
