import {
  BorrowedSocket,
  connectionsOfPort,
  findSocketOwners,
  KernelError,
  type SocketBuffers,
} from '@levitate/kernel';
import type { RestoreOutcome } from '../kernel.ts';
import type { Part } from './actuator.ts';
import {
  type ActuatedLink,
  type Actuator,
  type Finding,
  type LimitChange,
  ofKind,
} from './actuator.ts';
import { bootId } from './restore-queue.ts';
import type { SocketBuffersTarget, SocketDirection, Target } from './target.ts';

/** Connections of one link; each is an original of its own in the durable record. */
const CONNECTIONS_MAX = 256;

/**
 * Buffers of the TCP connections of a local port, whichever process has them. The limit is what an
 * application would ask for; the kernel holds twice that. Connections made after a change have the
 * kernel's own size until the next one, for a listener that is changed hands its size on to
 * connections of which no original is known.
 */
export class SocketBuffersActuator implements Actuator {
  readonly kind = 'socket-buffers';
  readonly #boot = bootId();
  /** Processes that had connections of a link at the last look. */
  readonly #likely = new Map<string, number[]>();

  find(links: readonly ActuatedLink[]): Finding[] {
    return links.map((link) => {
      try {
        return this.#find(link);
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        return { kind: 'unavailable', reason: error.message };
      }
    });
  }

  set(target: Target, limitBytes: number): LimitChange {
    const { inode, pid, cookie, direction, port } = ofKind(target, this.kind);
    using socket = BorrowedSocket.find(inode, [pid]);
    if (socket?.cookie !== cookie) throw ended(port, inode);
    const previousLimitBytes = limitOf(socket.read(), direction);
    const limit = Math.round(limitBytes);
    const after = socket.write({
      sendBytes: direction === 'receive' ? undefined : 2 * limit,
      receiveBytes: direction === 'send' ? undefined : 2 * limit,
    });
    return { previousLimitBytes, limitBytes: limitOf(after, direction) };
  }

  restore(target: Target): RestoreOutcome {
    return restoreSocketBuffers(ofKind(target, this.kind));
  }

  #find(link: ActuatedLink): Finding {
    const { name, netns, socketPort: port, socketDirection: direction } = link;
    if (port === undefined) {
      return { kind: 'unavailable', reason: 'no `socket_port` is configured for this link' };
    }
    const inodes = connectionsOfPort(port, netns);
    if (inodes.length > CONNECTIONS_MAX) {
      const reason = `port ${port} has ${inodes.length} connections, ${CONNECTIONS_MAX} are driven`;
      return { kind: 'unavailable', reason: `${reason} at most; name a port with fewer` };
    }
    const owners = findSocketOwners(inodes, this.#likely.get(name));
    this.#likely.set(name, [...new Set([...owners.values()].map(({ pid }) => pid))]);
    const parts: Part[] = [];
    for (const [inode, owner] of owners) {
      using socket = BorrowedSocket.take(inode, owner);
      if (socket === undefined) continue;
      const before = socket.read();
      const { pid, cookie } = socket;
      const place = { bootId: this.#boot, netns, port, pid, inode, cookie };
      const target: Target = { actuator: this.kind, ...place, direction, before };
      parts.push({ target, size: limitOf(before, direction) });
    }
    const [first, ...rest] = parts;
    if (first === undefined) {
      const reason = `port ${port} has no connection now; list the links again once it has`;
      return { kind: 'unavailable', reason };
    }
    const label = `${parts.length} connection(s) of port ${port}, ${direction}`;
    return { kind: 'found', parts: [first, ...rest], label };
  }
}

/** Put the buffers of one connection back, wherever it is. @throws KernelError */
export function restoreSocketBuffers(target: SocketBuffersTarget): RestoreOutcome {
  if (target.bootId !== bootId()) return 'gone';
  using socket = BorrowedSocket.find(target.inode, [target.pid]);
  if (socket?.cookie !== target.cookie) return 'gone';
  socket.restore(target.before);
  return 'restored';
}

function limitOf(buffers: SocketBuffers, direction: SocketDirection): number {
  const send = Math.floor(buffers.sendBytes / 2);
  const receive = Math.floor(buffers.receiveBytes / 2);
  if (direction === 'both') return Math.min(send, receive);
  return direction === 'send' ? send : receive;
}

function ended(port: number, inode: number): KernelError {
  return new KernelError({
    code: 'not-found',
    what: `setting the buffers of connection ${inode} of port ${port}`,
    why: 'it has ended',
    next: 'the connections of the port are looked up again at the next change',
  });
}
