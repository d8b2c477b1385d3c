import { readFileSync } from 'node:fs';
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
  if (!KEY.test(key)) {
    const why = 'a key is words of letters, digits, _ and - joined by dots';
    throw new KernelError({ code: 'out-of-range', what, why, next: 'see `sysctl -a`' });
  }
  try {
    const path = `/proc/sys/${key.replaceAll('.', '/')}`;
    return withNamespace(netns, () => readFileSync(path, 'utf8')).trimEnd();
  } catch (cause) {
    if (cause instanceof KernelError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new KernelError({ code: 'not-found', what, why, next: 'see `sysctl -a`', cause });
  }
}
