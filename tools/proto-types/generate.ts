/**
 * Generates the TypeScript types of every contract in `proto/`.
 * Run: `node tools/proto-types/generate.ts [FOLDER]` (default `libs/contracts/src/generated`).
 *
 * `X` is what a peer received (every plain field present), `XInit` what may be sent;
 * `XServiceMethods` is the type map of a service's RPCs.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const protoRoot = join(repository, 'proto');
const committed = join(repository, 'libs/contracts/src/generated');

/** Writes the generated types of all protos below `folder`, which is emptied first. */
export function generateTypes(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const protos = filesBelow(join(protoRoot, 'levitate'), '.proto');
  const loader = dirname(createRequire(import.meta.url).resolve('@grpc/proto-loader/package.json'));
  execFileSync(
    process.execPath,
    [
      join(loader, 'build/bin/proto-loader-gen-types.js'),
      ...['--longs=Number', '--enums=String', '--defaults', '--arrays', '--includeComments'],
      ...['--inputTemplate=%sInit', '--outputTemplate=%s', '--importFileExtension=.ts'],
      '--grpcLib=@grpc/grpc-js',
      ...['-I', protoRoot, '-O', folder],
      ...protos.map((file) => relative(protoRoot, file)),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  for (const proto of protos) {
    // The per-file roots hold constructors nobody uses; one list per package replaces them.
    rmSync(join(folder, `${basename(proto, '.proto')}.ts`), { force: true });
    replaceServices(folder, proto);
  }
  for (const file of filesBelow(folder, '.ts')) {
    writeFileSync(file, narrowed(readFileSync(file, 'utf8')));
  }
  for (const proto of protos) writePackageList(folder, dirname(relative(protoRoot, proto)));
}

/**
 * A service's generated client and handler interfaces speak grpc-js callbacks, which stay inside
 * grpc-kit; in their place goes the type map `ServiceContract` is written over.
 */
function replaceServices(folder: string, proto: string): void {
  const packagePath = dirname(relative(protoRoot, proto));
  for (const [, name, body] of readFileSync(proto, 'utf8').matchAll(
    /^service (\w+) \{(.*?)^\}/gms,
  )) {
    const rpcs = [...(body ?? '').matchAll(/rpc (\w+)\((\w+)\) returns \((stream )?(\w+)\)/g)];
    const lines = rpcs.map(([, rpc = '', request, stream, response]) => {
      const types = `${request}Init, ${request}, ${response}Init, ${response}`;
      const name = `${rpc[0]?.toLowerCase()}${rpc.slice(1)}`;
      return `  ${name}: ${stream ? 'ServerStream' : 'Unary'}<${types}>;`;
    });
    const imports = [...new Set(rpcs.flatMap(([, , request, , response]) => [request, response]))]
      .sort()
      .map((type) => `import type { ${type}, ${type}Init } from './${type}.ts';`);
    rmSync(join(folder, packagePath, `${name}.ts`));
    writeFileSync(
      join(folder, packagePath, `${name}Methods.ts`),
      [
        `// Original file: ${proto}\n`,
        "import type { ServerStream, Unary } from '../../../../service-contract.ts';",
        ...imports,
        `\n/** Every RPC of ${name}. */\nexport type ${name}Methods = {`,
        ...lines,
        '};\n',
      ].join('\n'),
    );
  }
}

/**
 * The generator admits strings and Long for numbers and numbers for enums, because proto-loader
 * converts them; our validators do not, so neither do the types. Paths become relative.
 */
function narrowed(source: string): string {
  return source
    .replaceAll(`${repository}/`, '')
    .replaceAll(/\(number \| string(?: \| Long)?\)/g, '(number)')
    .replaceAll('{[key: string]: number | string}', '{[key: string]: number}')
    .replaceAll(/^import type \{ Long \} from '@grpc\/proto-loader';\n/gm, '')
    .replaceAll(/^ {2}\| \d+\n/gm, '')
    .replaceAll(/[ \t]+$/gm, '')
    .replace(/\n+$/, '\n');
}

/** `levitate/telemetry/v1` becomes `telemetry.v1.ts`, which lists every type of that package. */
function writePackageList(folder: string, packagePath: string): void {
  const lines = readdirSync(join(folder, packagePath))
    .sort()
    .map((file) => {
      const source = readFileSync(join(folder, packagePath, file), 'utf8');
      const names = [...source.matchAll(/^export (?:interface|type) (\w+)/gm)].map((m) => m[1]);
      const list = [...new Set(names)].sort().join(', ');
      return `export type { ${list} } from './${packagePath}/${file}';`;
    });
  const name = packagePath.split('/').slice(1).join('.');
  writeFileSync(join(folder, `${name}.ts`), `${lines.join('\n')}\n`);
}

/** Every file below `folder` whose name ends with `extension`, sorted. */
export function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (import.meta.main) generateTypes(resolve(process.argv[2] ?? committed));
