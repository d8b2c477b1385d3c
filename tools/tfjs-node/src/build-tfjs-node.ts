import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installFolder, isBuiltFrom, recordName } from './install-folder.ts';
import { libraryJar, verifyJar } from './library-jar.ts';
import { requirePrograms, surroundings } from './required-programs.ts';
import { runStep } from './run-step.ts';
import { headerSources, writeHeaders } from './write-headers.ts';

const addonSources = fileURLToPath(new URL('../addon', import.meta.url));
const packageFiles = ['package.json', 'package-lock.json'];
const networkNext = 'check the network (or proxy, or mirror) and run npm run tfjs-node again';

/** The names of the binding's own folders: its loader looks for this one first on Node 24. */
const bindingFile = join('lib', 'napi-v8', 'tfjs_binding.node');

/**
 * Builds tfjs-node: the npm package without its install script (which downloads from a place that
 * is no package registry), libtensorflow out of a jar, one call of g++. It is put together in a
 * folder beside the final one and renamed, so that a build that fails leaves what was there.
 *
 * @returns whether anything had to be done.
 * @throws {TfjsNodeError} with the step that failed and what to do about it.
 */
export async function buildTfjsNode(say: (line: string) => void): Promise<boolean> {
  const parts = builtFrom();
  if (isBuiltFrom(parts, installFolder)) return false;
  requirePrograms(surroundings());
  fs.mkdirSync(dirname(installFolder), { recursive: true });
  const folder = fs.mkdtempSync(`${installFolder}-`);
  try {
    say('npm: @tensorflow/tfjs-node and what it depends on, without install scripts');
    await installPackages(folder);
    const addon = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
    say('Maven: libtensorflow 2.4.1 (62 MB)');
    await fetchLibraries(folder, join(addon, 'deps', 'lib'));
    say('g++: the binding');
    await compileBinding(folder, addon);
    fs.writeFileSync(join(folder, recordName), `${JSON.stringify(parts)}\n`);
    fs.rmSync(installFolder, { recursive: true, force: true });
    fs.renameSync(folder, installFolder);
    return true;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A change of any of these makes the build anew. */
function builtFrom(): { lock: string; headers: string; jar: string } {
  const hash = (folder: string, names: readonly string[]) => {
    const sum = createHash('sha256');
    for (const name of names) sum.update(name).update(fs.readFileSync(join(folder, name)));
    return sum.digest('hex');
  };
  return {
    lock: hash(addonSources, packageFiles),
    headers: hash(headerSources, fs.readdirSync(headerSources).sort()),
    jar: libraryJar.sha256,
  };
}

async function installPackages(folder: string): Promise<void> {
  for (const name of packageFiles) fs.copyFileSync(join(addonSources, name), join(folder, name));
  await runStep({
    command: 'npm',
    args: ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
    cwd: folder,
    secondsMax: 300,
    failure: { code: 'FETCH', what: 'npm did not fetch tfjs-node', next: networkNext },
  });
}

async function fetchLibraries(folder: string, libraries: string): Promise<void> {
  fs.mkdirSync(libraries, { recursive: true });
  const { plugin, artifact, file } = libraryJar;
  await runStep({
    command: 'mvn',
    args: ['-q', '-B', plugin, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`],
    cwd: folder,
    secondsMax: 600,
    failure: { code: 'FETCH', what: 'Maven did not fetch libtensorflow', next: networkNext },
  });
  const jar = join(folder, file);
  await verifyJar(jar);
  await runStep({
    command: 'unzip',
    args: ['-q', '-o', '-j', jar, ...libraryJar.libraries.map((name) => `*/${name}`)],
    cwd: libraries,
    secondsMax: 120,
    failure: {
      code: 'BUILD',
      what: 'libtensorflow was not unpacked',
      next: 'see that about 1 GB is free on this disk, and try again',
    },
  });
  fs.rmSync(jar);
}

async function compileBinding(folder: string, addon: string): Promise<void> {
  const include = join(addon, 'deps', 'include');
  writeHeaders(include);
  const output = join(addon, bindingFile);
  fs.mkdirSync(dirname(output), { recursive: true });
  const nodeInclude = join(folder, 'node_modules', 'node-api-headers', 'include');
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join('binding', name));
  await runStep({
    command: 'g++',
    args: [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
      ...[`-I${nodeInclude}`, `-I${include}`, ...sources, '-o', output],
      ...[`-L${join(addon, 'deps', 'lib')}`, ...libraryJar.libraries.map((name) => `-l:${name}`)],
      // Found from the binding's own place, so that the folder can be renamed.
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ],
    cwd: addon,
    secondsMax: 300,
    failure: {
      code: 'BUILD',
      what: 'the binding was not compiled',
      next: 'on Debian: apt-get install g++ (version 9 or newer), then try again',
    },
  });
}
