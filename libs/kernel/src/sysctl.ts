import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { KernelError } from './kernel-error.ts';
import { withNamespace } from './namespace.ts';

/** Letters, digits, underscore and dash between dots: no way out of /proc/sys. */
const KEY = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i;

/**
 * Read a kernel parameter.
 * @param key dotted, for example `net.core.rmem_max`
 * @param netns namespace whose `net.*` is meant; default the own one
 * @returns the value without its line end
 * @throws KernelError `out-of-range` for a key of another form, `not-found`
 */
export function readSysctl(key: string, netns?: string): string {
  const what = `reading sysctl ${key}`;
  return accessed(what, key, (path) =>
    withNamespace(netns, () => readFileSync(path, 'utf8')),
  ).trimEnd();
}

/**
 * Write a kernel parameter. What the kernel made of it is for the caller to read back.
 * @throws KernelError `out-of-range`, `not-found`, `permission-denied` where it is read-only, also
 * for root: parameters of the whole host are so inside a namespace, `refused`
 */
export function writeSysctl(key: string, value: string, netns?: string): void {
  const what = `writing sysctl ${key}`;
  accessed(what, key, (path) =>
    // Without creating or truncating: there is a file, or there is none.
    withNamespace(netns, () => writeFileSync(path, value, { flag: 'r+' })),
  );
}

/**
 * Whether a parameter may be written: inside a namespace those of the whole host are read-only.
 * @throws KernelError `permission-denied`, `not-found`
 */
export function checkSysctlWritable(key: string, netns?: string): void {
  const what = `writing sysctl ${key}`;
  accessed(what, key, (path) => withNamespace(netns, () => accessSync(path, constants.W_OK)));
}

function accessed<T>(what: string, key: string, access: (path: string) => T): T {
  if (!KEY.test(key)) {
    const why = 'a key is words of letters, digits, _ and - joined by dots';
    throw new KernelError({ code: 'out-of-range', what, why, next: 'see `sysctl -a`' });
  }
  try {
    return access(`/proc/sys/${key.replaceAll('.', '/')}`);
  } catch (cause) {
    if (cause instanceof KernelError) throw cause;
    throw accessError(what, cause);
  }
}

function accessError(what: string, cause: unknown): KernelError {
  const { code: errno = '', message = String(cause) } = (cause ?? {}) as NodeJS.ErrnoException;
  const parts = { what, why: message, errno, cause };
  switch (errno) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS': {
      const next = 'run as root with /proc/sys mounted rw; the host, not a namespace, may own it';
      return new KernelError({ ...parts, code: 'permission-denied', next });
    }
    case 'EINVAL':
    case 'ERANGE':
      return new KernelError({ ...parts, code: 'refused', next: 'give a value in its range' });
    default:
      return new KernelError({ ...parts, code: 'not-found', next: 'see `sysctl -a`' });
  }
}
