/**
 * @typedef {{ version?: string, optionalDependencies?: Record<string, string> }} Entry
 * @typedef {{ version: string, cpu?: string[], dev?: boolean, optional: true, os?: string[],
 *   libc?: string[] }} OptionalEntry
 */

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openbsd', 'openharmony', 'win32'];
const processors = new Map([
  ...['arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'].map(
    (each) => /** @type {[string, string]} */ ([each, each]),
  ),
  ['arm', 'arm'],
  ['armv7', 'arm'],
]);

/**
 * Optional packages of exact version that an entry of the lockfile asks for and that have no entry
 * of their own.
 *
 * @param {{ packages: Record<string, Entry> }} lockfile
 * @returns {{ folder: string, entry: OptionalEntry }[]} each once, with the entry it should have.
 */
export function missingOptionals({ packages }) {
  /** @type {Map<string, OptionalEntry>} */
  const missing = new Map();
  for (const [asker, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isResolved(packages, asker, name) || !/^\d/.test(version)) continue;
      missing.set(`node_modules/${name}`, entryOf(name, version));
    }
  }
  return [...missing].map(([folder, entry]) => ({ folder, entry }));
}

/**
 * As Node resolves: in the asker's own node_modules, then in those above it.
 *
 * @param {Record<string, Entry>} packages
 * @param {string} asker
 * @param {string} name
 */
function isResolved(packages, asker, name) {
  for (
    let base = asker;
    ;
    base = base.replace(/(^|\/)(node_modules\/(@[^/]+\/)?[^/]+|[^/]+)$/, '')
  ) {
    if (packages[`${base === '' ? '' : `${base}/`}node_modules/${name}`] !== undefined) return true;
    if (base === '') return false;
  }
}

/**
 * @param {string} name `@biomejs/cli-linux-arm64-musl`
 * @param {string} version
 * @returns {OptionalEntry}
 */
function entryOf(name, version) {
  const words = name.split(/[/-]/);
  const system = systems.find((each) => words.includes(each));
  const processor = words.map((word) => processors.get(word)).find((each) => each !== undefined);
  const isMusl = words.some((word) => word.startsWith('musl'));
  return {
    version,
    ...(processor === undefined ? {} : { cpu: [processor] }),
    ...(isMusl ? { libc: ['musl'] } : {}),
    optional: true,
    ...(system === undefined ? {} : { os: [system] }),
  };
}
