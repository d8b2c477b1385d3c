import koffi from 'koffi';
import { libc } from '../libc.ts';
import { bpfError } from './bpf-error.ts';

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_FAILED = 2n ** 64n - 1n;

/** Memory that is shared with the kernel. */
export interface MemoryMap {
  /** Never to be handed out: after `close` touching it ends the process. */
  readonly bytes: ArrayBuffer;
  close(): void;
}

/**
 * Map a part of what is behind a file descriptor into memory.
 * @param part offset and length in bytes, whole pages
 * @throws KernelError
 */
export function mapMemory(
  fd: number,
  part: { offset: number; length: number; isWritable: boolean },
): MemoryMap {
  const protection = part.isWritable ? PROT_READ | PROT_WRITE : PROT_READ;
  const c = libc();
  const address = c.mmap(null, part.length, protection, MAP_SHARED, fd, part.offset);
  if (address === MAP_FAILED) {
    throw bpfError({ what: `mapping ${part.length} B of a map`, errno: c.errno() });
  }
  return {
    bytes: koffi.view(address, part.length),
    close: () => {
      c.munmap(address, part.length);
    },
  };
}
