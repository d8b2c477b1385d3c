import koffi from 'koffi';
import { LabError } from './lab-error.ts';

/** Constants of Linux on x86-64 and arm64. */
export const AF_INET = 2;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_TIMESTAMPNS = 35;
export const IPPROTO_TCP = 6;
export const TCP_NODELAY = 1;
export const TCP_CONGESTION = 13;
export const SOL_UDP = 17;
export const UDP_SEGMENT = 103;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;
export const MSG_TRUNC = 0x20;

type Native = (...args: unknown[]) => number;

interface Libc {
  close: Native;
  socket: Native;
  bind: Native;
  listen: Native;
  connect: Native;
  accept4: Native;
  send: Native;
  recv: Native;
  setsockopt: Native;
  ioctl: Native;
  sched_setscheduler: Native;
  sendmmsg: Native;
  recvmmsg: Native;
}

let bound: Libc | undefined;

/**
 * The few calls of libc that the lab needs, bound at the first use so that the lab can be imported
 * where there is no Linux; -1 means a failure whose number `errno()` gives.
 */
export function libc(): Libc {
  bound ??= bind();
  return bound;
}

/** Number of the last failed call of this thread. */
export function errno(): number {
  return koffi.errno();
}

/** Address of a buffer's bytes; the buffer must outlive whatever holds the address. */
export function addressOf(buffer: Uint8Array): bigint {
  return koffi.address(buffer);
}

/** The result of a system call, or a typed error when it failed. */
export function checked(result: number, call: string): number {
  if (result >= 0) return result;
  throw new LabError('system-call-failed', `${call} failed with errno ${errno()}`);
}

/** An option whose value is one int. */
export function setIntOption(fd: number, option: { level: number; name: number; value: number }) {
  const value = Buffer.alloc(4);
  value.writeInt32LE(option.value);
  const { level, name } = option;
  checked(libc().setsockopt(fd, level, name, value, 4), `setsockopt ${level}/${name}`);
}

/** `struct sockaddr_in`, 16 bytes. */
export function socketAddress(at: { address: string; port: number }): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  bytes.writeUInt16BE(at.port, 2);
  at.address.split('.').forEach((part, i) => {
    bytes.writeUInt8(Number(part), 4 + i);
  });
  return bytes;
}

function bind(): Libc {
  const lib = koffi.load(null);
  return {
    close: lib.func('int close(int fd)'),
    socket: lib.func('int socket(int domain, int type, int protocol)'),
    bind: lib.func('int bind(int fd, const void *addr, uint32_t len)'),
    listen: lib.func('int listen(int fd, int backlog)'),
    connect: lib.func('int connect(int fd, const void *addr, uint32_t len)'),
    accept4: lib.func('int accept4(int fd, void *addr, void *len, int flags)'),
    send: lib.func('long send(int fd, const void *buf, size_t len, int flags)'),
    recv: lib.func('long recv(int fd, void *buf, size_t len, int flags)'),
    setsockopt: lib.func('int setsockopt(int fd, int level, int name, const void *v, uint32_t n)'),
    ioctl: lib.func('int ioctl(int fd, unsigned long request, void *argument)'),
    sched_setscheduler: lib.func('int sched_setscheduler(int pid, int policy, const void *p)'),
    sendmmsg: lib.func('int sendmmsg(int fd, void *messages, unsigned int n, int flags)'),
    recvmmsg: lib.func('int recvmmsg(int fd, void *messages, unsigned int n, int flags, void *t)'),
  };
}
