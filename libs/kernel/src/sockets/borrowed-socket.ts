import { fstatSync } from 'node:fs';
import { KernelError, kernelErrorFromErrno } from '../kernel-error.ts';
import { libc } from '../libc.ts';
import { findSocketOwners, type SocketOwner } from './socket-owner.ts';

/** System calls that libc has no name for; equal on x86-64 and arm64. */
const CALL = { pidfdOpen: 434, pidfdGetfd: 438 } as const;
const SOL_SOCKET = 1;
const SO = { sendBytes: 7, receiveBytes: 8, sendForce: 32, receiveForce: 33, cookie: 57 } as const;
/** Linux 5.14: which of the two buffers a user has fixed; the kernel leaves those alone. */
const SO_BUF_LOCK = 72;
/** The kernel holds twice what was asked for in an int (`sock_setsockopt`). */
const BYTES_MAX = 0x3fff_ffff;

/** Buffers of one socket as the kernel holds them. */
export interface SocketBuffers {
  /** `SO_SNDBUF`: twice what was asked for, the kernel's own bookkeeping included. */
  sendBytes: number;
  /** `SO_RCVBUF`, likewise. */
  receiveBytes: number;
  /** `SO_BUF_LOCK`: 1 where the send buffer is fixed, 2 the receive buffer; else autotuned. */
  lock: number;
}

/** A change of buffers, each in the kernel's bytes; what is not given stays. */
export interface SocketBufferChange {
  sendBytes?: number | undefined;
  receiveBytes?: number | undefined;
}

/**
 * A socket of another process, taken by `pidfd_getfd` (Linux 5.6): a descriptor of our own for the
 * very same socket. It must be closed, and be held for moments only: while it is held, the owner's
 * close does not end the connection.
 */
export class BorrowedSocket {
  readonly #fd: number;
  readonly pid: number;
  readonly inode: number;

  /**
   * @param inode as `/proc/net/tcp` lists it
   * @param likely processes to ask first
   * @returns `undefined` where nobody holds it
   * @throws KernelError `permission-denied` (CAP_SYS_PTRACE), `unsupported`
   */
  static find(inode: number, likely: readonly number[] = []): BorrowedSocket | undefined {
    const owner = findSocketOwners([inode], likely).get(inode);
    return owner && BorrowedSocket.take(inode, owner);
  }

  /** As `find`, where the owner is known. */
  static take(inode: number, owner: SocketOwner): BorrowedSocket | undefined {
    const { pid } = owner;
    const what = `taking socket ${inode} of process ${pid}`;
    const fd = duplicate(owner, what);
    if (fd === undefined) return undefined;
    const socket = new BorrowedSocket(fd, pid, inode);
    // The descriptor may have been closed and used again since /proc was read.
    if (fstatSync(fd).ino === inode) return socket;
    socket.close();
    return undefined;
  }

  private constructor(fd: number, pid: number, inode: number) {
    this.#fd = fd;
    this.pid = pid;
    this.inode = inode;
  }

  /** Number of the socket that no other of this boot has (`SO_COOKIE`). @throws KernelError */
  get cookie(): string {
    return this.#get(SO.cookie, 8).getBigUint64(0, true).toString(16);
  }

  /** @throws KernelError `unsupported` before Linux 5.14 */
  read(): SocketBuffers {
    const u32 = (name: number) => this.#get(name, 4).getUint32(0, true);
    return {
      sendBytes: u32(SO.sendBytes),
      receiveBytes: u32(SO.receiveBytes),
      lock: u32(SO_BUF_LOCK),
    };
  }

  /**
   * Fix buffers beyond `net.core.{w,r}mem_max`, and read them back.
   * @throws KernelError `verification-failed`, `out-of-range`, `permission-denied`
   */
  write(change: SocketBufferChange): SocketBuffers {
    this.#force(SO.sendForce, change.sendBytes);
    this.#force(SO.receiveForce, change.receiveBytes);
    const after = this.read();
    this.#verify(change.sendBytes, after.sendBytes);
    this.#verify(change.receiveBytes, after.receiveBytes);
    return after;
  }

  /** Put sizes and locks back, so that what was autotuned is again. @throws KernelError */
  restore(before: SocketBuffers): void {
    const now = this.read();
    // A buffer that was never fixed and is not fixed now belongs to the kernel's tuning.
    const isOurs = (bit: number) => ((now.lock | before.lock) & bit) !== 0;
    this.write({
      sendBytes: isOurs(1) ? before.sendBytes : undefined,
      receiveBytes: isOurs(2) ? before.receiveBytes : undefined,
    });
    this.#set(SO_BUF_LOCK, before.lock);
    const { lock } = this.read();
    if (lock === before.lock) return;
    throw unverified(this.#what, `the locks read back ${lock}, were ${before.lock}`);
  }

  close(): void {
    libc().close(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get #what(): string {
    return `the buffers of socket ${this.inode} of process ${this.pid}`;
  }

  #force(name: number, bytes: number | undefined): void {
    if (bytes === undefined) return;
    const asked = Math.floor(bytes / 2);
    if (!Number.isInteger(bytes) || asked < 1 || asked > BYTES_MAX) {
      const why = `the kernel holds 2 to ${2 * BYTES_MAX} bytes, asked were ${bytes}`;
      const next = 'give one of those';
      throw new KernelError({ code: 'out-of-range', what: this.#what, why, next });
    }
    this.#set(name, asked);
  }

  /** The kernel holds even numbers of bytes here. */
  #verify(asked: number | undefined, present: number): void {
    if (asked === undefined || present === asked || present === asked - 1) return;
    throw unverified(this.#what, `the kernel reads back ${present} bytes, asked were ${asked}`);
  }

  #set(name: number, value: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    const c = libc();
    if (c.setsockopt(this.#fd, SOL_SOCKET, name, bytes, 4) === 0) return;
    throw kernelErrorFromErrno({ what: `setting ${this.#what}`, errno: c.errno() });
  }

  #get(name: number, length: number): DataView {
    const bytes = new Uint8Array(length);
    const c = libc();
    if (c.getsockopt(this.#fd, SOL_SOCKET, name, bytes, new Uint8Array([length, 0, 0, 0])) !== 0) {
      throw kernelErrorFromErrno({ what: `reading ${this.#what}`, errno: c.errno() });
    }
    return new DataView(bytes.buffer);
  }
}

/** @returns a descriptor of ours, or `undefined` where process or descriptor have gone */
function duplicate({ pid, fd }: SocketOwner, what: string): number | undefined {
  const c = libc();
  const pidfd = c.syscall(CALL.pidfdOpen, pid, 0, 0);
  if (pidfd < 0) return goneOrThrow(what);
  try {
    const own = c.syscall(CALL.pidfdGetfd, pidfd, fd, 0);
    return own < 0 ? goneOrThrow(what) : own;
  } finally {
    c.close(pidfd);
  }
}

function goneOrThrow(what: string): undefined {
  const error = kernelErrorFromErrno({ what, errno: libc().errno() });
  if (error.errno === 'ESRCH' || error.errno === 'EBADF') return undefined;
  throw error;
}

function unverified(what: string, why: string): KernelError {
  const next = 'see who else sets buffers of this connection; its process may';
  return new KernelError({ code: 'verification-failed', what, why, next });
}
