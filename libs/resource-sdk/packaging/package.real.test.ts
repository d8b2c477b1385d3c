import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage } from './build.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
/** The examples of the README, one after the other. */
const example = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code).join('\n');
/** What they say they print. */
const promised = [...example.matchAll(/console\.log\(.*\); \/\/ (\w+)/g)].map(([, word]) => word);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-package-'));
  await buildPackage(join(folder, 'dist'));
  run('npm', 'pack', './dist', '--silent');
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', '--silent', `./${tarball}`);
});
afterAll(() => rm(folder, { recursive: true }));

/** What a program prints that runs in the folder. */
function run(program: string, ...words: string[]): string {
  return execFileSync(program, words, { cwd: folder, encoding: 'utf8' });
}

describe('the package, installed offline from its tarball', () => {
  it('runs the examples of the README as plain JavaScript', () => {
    expect(promised).toEqual(['true', '8', 'true', '8']);
    writeFileSync(join(folder, 'example.js'), stripTypeScriptTypes(example));
    expect(run(process.execPath, 'example.js').trim().split('\n')).toEqual(promised);
  });

  it('has types for them, whole and without those of other packages', () => {
    writeFileSync(join(folder, 'example.ts'), example);
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    const types = ['--types', 'node', '--typeRoots', join(repository, 'node_modules/@types')];
    const strictly = ['--strict', '--noEmit', '--target', 'ES2024', '--module', 'NodeNext'];
    expect(run(process.execPath, compiler, 'example.ts', ...strictly, ...types)).toBe('');
  });

  it('brings nothing else, and says whose code it brings', () => {
    expect(readdirSync(join(folder, 'node_modules/@levitate'))).toEqual(['resource-sdk']);
    const others = readdirSync(join(folder, 'node_modules')).filter(
      (name) => !name.startsWith('.'),
    );
    expect(others).toEqual(['@levitate']);
    const installed = join(folder, 'node_modules/@levitate/resource-sdk');
    const notice = readFileSync(join(installed, 'THIRD-PARTY.txt'), 'utf8');
    expect(notice).toMatch(/^@grpc\/grpc-js [\d.]+ \(Apache-2\.0\)$/m);
    expect(readFileSync(join(installed, 'index.js'), 'utf8')).not.toContain('grpc');
  });
});
