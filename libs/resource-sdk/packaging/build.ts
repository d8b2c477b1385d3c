/**
 * Builds the package that others install: `node packaging/build.ts [FOLDER]`, default `dist`. Node
 * strips no types below `node_modules`, so what is installed is JavaScript, with declarations.
 */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCode } from './bundle-code.ts';
import { emitTypes } from './emit-types.ts';

const room = fileURLToPath(new URL('..', import.meta.url));
const root = resolve(room, '../..');
const entries = {
  index: join(room, 'src/index.ts'),
  grpc: join(room, 'src/grpc/index.ts'),
};

/** Builds the package into a folder, which is emptied first. */
export async function buildPackage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const packages = await bundleCode({ root, entries, folder });
  emitTypes({ root, entries: Object.values(entries), folder: join(folder, 'types') });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  writeFileSync(join(folder, 'THIRD-PARTY.txt'), packages.map(licenceOf).join('\n'));
  cpSync(join(room, 'README.md'), join(folder, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
}

function manifest(): object {
  const { name, version, description, license } = readJson(join(room, 'package.json'));
  const exported = (entry: keyof typeof entries) => ({
    types: `./types/${relative(root, entries[entry]).replace(/\.ts$/, '.d.ts')}`,
    default: `./${entry}.js`,
  });
  return {
    ...{ name, version, description, license },
    type: 'module',
    exports: { '.': exported('index'), './grpc': exported('grpc') },
    engines: { node: '>=22' },
  };
}

/** Who wrote what is bundled, and on which terms. */
function licenceOf(folder: string): string {
  const { name, version, license } = readJson(join(folder, 'package.json'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
  return `${name} ${version} (${license})\n\n${text}\n`;
}

function readJson(path: string): Record<string, string> {
  return JSON.parse(readFileSync(path, 'utf8'));
}

if (import.meta.main) await buildPackage(resolve(process.argv[2] ?? join(room, 'dist')));
