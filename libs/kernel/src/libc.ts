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
  setns(fd: number, kind: number): number;
  close(fd: number): number;
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
      setns: library.func('int setns(int, int)') as Libc['setns'],
      close: library.func('int close(int)') as Libc['close'],
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
