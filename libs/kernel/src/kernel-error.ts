import { constants } from 'node:os';

/** Every way an operation on the kernel can fail. Closed: a reader may switch over it. */
export type KernelErrorCode =
  /** The process lacks a capability. */
  | 'permission-denied'
  /** The interface, qdisc, namespace or sysctl is not there. */
  | 'not-found'
  /** It is not as the caller knew it: another handle, kind or rate. Nothing was changed. */
  | 'changed-underneath'
  /** Another program holds the place; it is left alone. */
  | 'occupied'
  /** A map or a queue of the kernel has no room left; the bound is in the text. */
  | 'full'
  /** The qdisc has no limit that can be changed in place. */
  | 'not-controllable'
  /** The value asked for is outside what the kernel can hold. */
  | 'out-of-range'
  /** The kernel took the change but reads back otherwise. */
  | 'verification-failed'
  /** The kernel answered with another error. */
  | 'refused'
  /** The kernel did not answer, or not in a form that can be decoded. */
  | 'bad-answer'
  /** This platform has no such kernel interface, or the foreign function library does not load. */
  | 'unsupported'
  /** A command of the system (ip) failed. */
  | 'command-failed';

/** What is known of a failure. */
export interface KernelErrorDetail {
  code: KernelErrorCode;
  /** What was tried, on what, with which number; no full stop at the end. */
  what: string;
  /** Why it failed. */
  why: string;
  /** What the reader can do about it. */
  next: string;
  /** `EPERM`, `ENODEV` and so on, where the kernel gave one. */
  errno?: string | undefined;
  cause?: unknown;
}

/** An operation on the kernel failed; the message says what, why and the next step. */
export class KernelError extends Error {
  readonly code: KernelErrorCode;
  readonly errno: string | undefined;
  readonly next: string;

  constructor(detail: KernelErrorDetail) {
    super(`${detail.what}: ${detail.why}. Next: ${detail.next}`, { cause: detail.cause });
    this.name = 'KernelError';
    this.code = detail.code;
    this.errno = detail.errno;
    this.next = detail.next;
  }
}

/** What a failed call is translated from. */
export interface ErrnoFailure {
  what: string;
  /** Positive errno. */
  errno: number;
  /** The kernel's own words (extended acknowledgement), where it gave any. */
  kernelMessage?: string | undefined;
}

/** Translate an errno of the kernel into a typed error. */
export function kernelErrorFromErrno({ what, errno, kernelMessage }: ErrnoFailure): KernelError {
  const name = errnoName(errno);
  const { code, next } = meaningOf(name);
  const why = kernelMessage === undefined ? name : `${name}, "${kernelMessage}"`;
  return new KernelError({ code, what, why, next, errno: name });
}

/** @param errno positive number @returns its name, or `errno N` where this platform has none */
export function errnoName(errno: number): string {
  for (const [name, value] of Object.entries(constants.errno)) {
    if (value === errno) return name;
  }
  return `errno ${errno}`;
}

function meaningOf(name: string): { code: KernelErrorCode; next: string } {
  switch (name) {
    case 'EPERM':
    case 'EACCES':
      return {
        code: 'permission-denied',
        next: 'run as root, or grant CAP_NET_ADMIN (and CAP_SYS_ADMIN for other namespaces)',
      };
    case 'ENODEV':
    case 'ENOENT':
      return {
        code: 'not-found',
        next: 'check with `tc qdisc show` that the interface and the qdisc are still there',
      };
    case 'EEXIST':
      return {
        code: 'changed-underneath',
        next: 'another qdisc took the place; it is left alone, look at it with `tc qdisc show`',
      };
    case 'EOPNOTSUPP':
    case 'ENOTSUP': // The same number on Linux, and first in Node's table.
    case 'ENOSYS':
    case 'EAFNOSUPPORT':
    case 'EPROTONOSUPPORT':
      return { code: 'unsupported', next: 'use a Linux kernel with rtnetlink and traffic control' };
    default:
      return { code: 'refused', next: 'see `dmesg` and `tc -s qdisc show` for the state' };
  }
}
