import { endianness } from 'node:os';
import koffi from 'koffi';
import { KernelError } from './kernel-error.ts';

/** The calls of libc that Node has no door to. Each returns -1 on failure; then ask `errno()`. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  send(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  recv(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  getsockopt(
    fd: number,
    level: number,
    name: number,
    value: Uint8Array,
    length: Uint8Array,
  ): number;
  setns(fd: number, kind: number): number;
  flock(fd: number, operation: number): number;
  /** By number, for what libc itself has no name for; every argument a word, -1 on failure. */
  syscall(number: number, first: number, second: number, third: number): number;
  /** Gives this thread new namespaces of its own; `setns` leads back. */
  unshare(kinds: number): number;
  close(fd: number): number;
  /** The address, or all ones (`MAP_FAILED`). */
  mmap(
    address: bigint | null,
    length: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ): bigint;
  munmap(address: bigint, length: number): number;
  mount(source: string, target: string, kind: string, flags: number, data: null): number;
  /** @returns the interface's index in the namespace of this thread, 0 when there is none */
  if_nametoindex(name: string): number;
  /** @param into 16 bytes @returns null when there is no such interface here */
  if_indextoname(index: number, into: Uint8Array): bigint | null;
  /** @param list a `va_list` that a callback was given @returns bytes the text needs */
  vsnprintf(into: Uint8Array, size: number, format: bigint, list: bigint): number;
  /** Number of the last failure of this thread, positive. */
  errno(): number;
}

let bound: Libc | undefined;

/**
 * Bind libc on first use, so that importing this library costs nothing and works everywhere.
 * @throws KernelError `unsupported` off Linux or where koffi does not load
 */
export function libc(): Libc {
  bound ??= bind();
  return bound;
}

function bind(): Libc {
  if (process.platform !== 'linux' || endianness() !== 'LE') {
    throw new KernelError({
      code: 'unsupported',
      what: 'binding the kernel interface',
      why: `this is ${process.platform} on ${process.arch}, netlink is of Linux (x86-64, arm64)`,
      next: 'use the simulated kernel here (`kernel: simulated`)',
    });
  }
  try {
    const library = koffi.load(null);
    return {
      socket: library.func('int socket(int, int, int)') as Libc['socket'],
      bind: library.func('int bind(int, uint8_t *, uint32_t)') as Libc['bind'],
      setsockopt: library.func(
        'int setsockopt(int, int, int, uint8_t *, uint32_t)',
      ) as Libc['setsockopt'],
      send: library.func('intptr_t send(int, uint8_t *, size_t, int)') as Libc['send'],
      recv: library.func('intptr_t recv(int, uint8_t *, size_t, int)') as Libc['recv'],
      getsockopt: library.func(
        'int getsockopt(int, int, int, uint8_t *, uint8_t *)',
      ) as Libc['getsockopt'],
      setns: library.func('int setns(int, int)') as Libc['setns'],
      flock: library.func('int flock(int, int)') as Libc['flock'],
      syscall: library.func(
        'intptr_t syscall(intptr_t, intptr_t, intptr_t, intptr_t)',
      ) as Libc['syscall'],
      unshare: library.func('int unshare(int)') as Libc['unshare'],
      close: library.func('int close(int)') as Libc['close'],
      mmap: library.func('void *mmap(void *, size_t, int, int, int, int64_t)') as Libc['mmap'],
      munmap: library.func('int munmap(void *, size_t)') as Libc['munmap'],
      mount: library.func(
        'int mount(const char *, const char *, const char *, unsigned long, const void *)',
      ) as Libc['mount'],
      if_nametoindex: library.func(
        'unsigned int if_nametoindex(const char *)',
      ) as Libc['if_nametoindex'],
      if_indextoname: library.func(
        'void *if_indextoname(unsigned int, uint8_t *)',
      ) as Libc['if_indextoname'],
      vsnprintf: library.func(
        'int vsnprintf(uint8_t *, size_t, void *, void *)',
      ) as Libc['vsnprintf'],
      errno: () => koffi.errno(),
    };
  } catch (cause) {
    throw new KernelError({
      code: 'unsupported',
      what: 'loading libc through koffi',
      why: cause instanceof Error ? cause.message : String(cause),
      next: 'reinstall with `npm ci`, or use the simulated kernel (`kernel: simulated`)',
      cause,
    });
  }
}
