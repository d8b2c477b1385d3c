import { lstatSync, statfsSync } from 'node:fs';
import { KernelError } from '../kernel-error.ts';
import { libc } from '../libc.ts';
import { bpfError } from './bpf-error.ts';

/** Where it is mounted by convention (and by systemd). */
export const BPFFS_PATH = '/sys/fs/bpf';

/** `linux/magic.h`, `BPF_FS_MAGIC`. */
const BPFFS_MAGIC = 0xcafe4a11;
/** `MS_NOSUID`, `MS_NODEV`, `MS_NOEXEC`, `MS_RELATIME`: as systemd mounts it. */
const MOUNT_FLAGS = 2 | 4 | 8 | (1 << 21);

/** Whether a BPF file system is mounted there, where maps can be pinned. */
export function isBpffs(path: string = BPFFS_PATH): boolean {
  try {
    return statfsSync(path).type === BPFFS_MAGIC;
  } catch {
    return false;
  }
}

/**
 * Mount a BPF file system; one that is there already is left. It stays mounted: others may pin
 * into it from now on.
 * @throws KernelError `permission-denied`, `not-found`
 */
export function mountBpffs(path: string = BPFFS_PATH): void {
  if (isBpffs(path)) return;
  const what = `mounting a BPF file system on ${path}`;
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const why = 'there is no such directory';
    const next = 'needs a kernel with CONFIG_BPF_SYSCALL and /sys mounted; or name another place';
    throw new KernelError({ code: 'not-found', what, why, next });
  }
  if (libc().mount('bpf', path, 'bpf', MOUNT_FLAGS, null) === 0) return;
  const next = 'run as root (CAP_SYS_ADMIN), or go without pins';
  throw bpfError({ what, errno: libc().errno(), next });
}
