import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** A declaration file, and the sources it mentions. */
export interface Declaration {
  text: string;
  mentions: string[];
}

/**
 * Declarations of a program in which each name comes from the file that declares it, not from the
 * list of a room: of a room only what is used is needed then.
 */
export class Declarations {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #packages: string;
  /** Names of npm packages that are mentioned, by the source that is to declare them. */
  readonly foreign = new Map<string, Set<string>>();

  /** @param packages where what stands for npm packages is to be, as if it were sources */
  constructor(program: ts.Program, packages: string) {
    this.#program = program;
    this.#packages = packages;
    this.#checker = program.getTypeChecker();
  }

  /** @throws Error where it cannot be made */
  of(source: string): Declaration {
    const file = this.#program.getSourceFile(source);
    let emitted: string | undefined;
    this.#program.emit(file, (path, text) => {
      if (path.endsWith('.d.ts')) emitted = text;
    });
    if (file === undefined || emitted === undefined) throw new Error(`no declaration of ${source}`);
    if (emitted.includes('import(')) throw new Error(`${source} exports a type it does not name`);
    const mentions: string[] = [];
    const tree = ts.createSourceFile('a.d.ts', emitted, ts.ScriptTarget.Latest, true);
    const changes: { start: number; end: number; text: string }[] = [];
    for (const node of tree.statements) {
      const text = this.#resolved(node, source, mentions);
      if (text !== undefined) changes.push({ start: node.getStart(tree), end: node.end, text });
    }
    let text: string = emitted;
    for (const { start, end, text: changed } of changes.reverse()) {
      text = text.slice(0, start) + changed + text.slice(end);
    }
    return { text, mentions };
  }

  /** An import or an export from elsewhere as one of each file that declares what it names. */
  #resolved(node: ts.Statement, source: string, mentions: string[]): string | undefined {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return undefined;
    const { moduleSpecifier } = node;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return undefined;
    const { text: specifier } = moduleSpecifier;
    if (specifier.startsWith('node:')) return undefined;
    const word = ts.isImportDeclaration(node) ? 'import' : 'export';
    const module = this.#module(specifier, source);
    const from = (target: string) => {
      if (!target.startsWith(this.#packages)) mentions.push(target);
      return `from '${way(source, target)}';`;
    };
    const named = ts.isImportDeclaration(node)
      ? node.importClause?.namedBindings
      : node.exportClause;
    if (named === undefined || !('elements' in named)) {
      const what = named === undefined ? '*' : `* as ${named.name.text}`;
      return `${word} type ${what} ${from(module ?? this.#package(specifier, []))}`;
    }
    return [...named.elements]
      .map(({ name, propertyName = name }) => {
        const original = propertyName.text;
        const found = module === undefined ? undefined : this.#declared(module, original);
        const target = found?.source ?? this.#package(specifier, [original]);
        if (found?.isModule) return `${word} type * as ${name.text} ${from(target)}`;
        const same = found?.name ?? original;
        const one = same === name.text ? same : `${same} as ${name.text}`;
        const isType = word === 'import' || found?.isType !== false;
        return `${word} ${isType ? 'type ' : ''}{ ${one} } ${from(target)}`;
      })
      .join('\n');
  }

  /** The source that a specifier means; undefined: that of an npm package. */
  #module(specifier: string, source: string): string | undefined {
    const options = this.#program.getCompilerOptions();
    const { resolvedModule } = ts.resolveModuleName(specifier, source, options, ts.sys);
    const path = resolvedModule?.resolvedFileName;
    return path?.includes('/node_modules/') || path === undefined ? undefined : path;
  }

  /** Where something is declared that a module exports, by whatever way. */
  #declared(module: string, name: string) {
    const file = this.#program.getSourceFile(module);
    const exports = file && this.#checker.getSymbolAtLocation(file)?.exports;
    const listed = exports?.get(ts.escapeLeadingUnderscores(name));
    if (listed === undefined) throw new Error(`${module} does not export ${name}`);
    const isAlias = (listed.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? this.#checker.getAliasedSymbol(listed) : listed;
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined) throw new Error(`${module}: ${name} is not declared`);
    const source = declaration.getSourceFile().fileName;
    if (source.includes('/node_modules/')) return undefined;
    const isModule = ts.isSourceFile(declaration);
    const isType = (symbol.flags & ts.SymbolFlags.Value) === 0;
    return { source, name: symbol.name, isModule, isType };
  }

  /** What stands for an npm package here. */
  #package(specifier: string, names: readonly string[]): string {
    const source = join(this.#packages, `${specifier.replaceAll(/\W+/g, '-')}.ts`);
    this.foreign.set(source, new Set([...(this.foreign.get(source) ?? []), ...names]));
    return source;
  }
}

/** From one source to another, as their declarations are imported. */
function way(from: string, to: string): string {
  const path = relative(dirname(from), to).replace(/(\.d)?\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}
