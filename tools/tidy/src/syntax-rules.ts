import { posix } from 'node:path';
import ts from 'typescript';
import { isGenerated, type Offence, type Rule, type SourceFile } from './source-tree.ts';

const functionLinesMax = 70;

/** What needs the syntax tree of TypeScript to see. */
export const syntaxRules: readonly Rule[] = [
  {
    name: `no function is longer than ${functionLinesMax} lines`,
    check: ({ files }) =>
      files
        .filter(({ path }) => /\.ts$/.test(path) && !/\.test\.ts$/.test(path) && !isGenerated(path))
        .flatMap(longFunctions),
  },
  {
    name: 'an index.ts only lists names',
    check: ({ files }) =>
      files
        .filter(({ path }) => /^(libs|tools)\/[^/]+\/src\/index\.ts$/.test(path))
        .flatMap((file) =>
          parse(file)
            .statements.filter((each) => !ts.isExportDeclaration(each))
            .map((each) => ({
              path: file.path,
              line: lineOf(each),
              what: 'something other than a list of exported names',
            })),
        ),
  },
  {
    name: 'every name that a lib exports is documented where it is declared',
    check: ({ files }) => {
      const byPath = new Map(files.map((file) => [file.path, file]));
      return files
        .filter(({ path }) => /^libs\/[^/]+\/src\/index\.ts$/.test(path))
        .flatMap((index) => undocumented(index, byPath));
    },
  },
];

function longFunctions(file: SourceFile): Offence[] {
  const source = parse(file);
  const offences: Offence[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      const first = lineOf(node);
      const lines = source.getLineAndCharacterOfPosition(node.end).line + 2 - first;
      if (lines > functionLinesMax) {
        const what = `a function of ${lines} lines, ${functionLinesMax} allowed`;
        offences.push({ path: file.path, line: first, what });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return offences;
}

function undocumented(index: SourceFile, byPath: ReadonlyMap<string, SourceFile>): Offence[] {
  return parse(index).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier, exportClause } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
    const path = posix.join(posix.dirname(index.path), moduleSpecifier.text);
    const file = byPath.get(path);
    if (file === undefined || isGenerated(path)) return [];
    const bare = bareDeclarations(file);
    return exportClause.elements
      .map((element) => (element.propertyName ?? element.name).text)
      .flatMap((name) => {
        const line = bare.get(name);
        return line === undefined ? [] : [{ path, line, what: `${name} has no TSDoc` }];
      });
  });
}

/** Declared names without a doc comment, with their lines. */
function bareDeclarations(file: SourceFile): Map<string, number> {
  const bare = new Map<string, number>();
  const documented = new Set<string>();
  for (const statement of parse(file).statements) {
    const names = declaredNames(statement);
    const hasDoc = ts.getJSDocCommentsAndTags(statement).length > 0;
    for (const name of names) {
      // A type and a value of one name, or overloads, share one comment.
      if (hasDoc) documented.add(name);
      else bare.set(name, lineOf(statement));
    }
  }
  for (const name of documented) bare.delete(name);
  return bare;
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations
      .map(({ name }) => name)
      .filter(ts.isIdentifier)
      .map(({ text }) => text);
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function parse({ path, text }: SourceFile): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

function lineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}
