import { readFileSync } from 'node:fs';
import { withNamespace } from '../namespace.ts';

/** `TCP_LISTEN` of `include/net/tcp_states.h`. */
const LISTEN = 0x0a;

/** One TCP socket as `/proc/net/tcp` lists it. */
export interface TcpSocket {
  localPort: number;
  /** Number of the state in `include/net/tcp_states.h`. */
  state: number;
  /** Inode of the socket file, by which its process is found; 0 where it has none any more. */
  inode: number;
}

/**
 * Read the rows of `/proc/net/tcp` or `tcp6` (Linux `Documentation/networking/proc_net_tcp.rst`):
 * number, local address:port, remote, state, queues, timer, retransmits, uid, timeout, inode.
 * Rows that are not whole are left out.
 */
export function parseTcpTable(text: string): TcpSocket[] {
  const sockets: TcpSocket[] = [];
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const localPort = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
    const state = Number.parseInt(fields[3] ?? '', 16);
    const inode = Number(fields[9]);
    const isWhole = [localPort, state, inode].every((one) => Number.isSafeInteger(one));
    if (isWhole) sockets.push({ localPort, state, inode });
  }
  return sockets;
}

/**
 * Inodes of the connections of a local port, IPv4 and IPv6, in the order of the kernel's table.
 * Listeners are left out: what they are set to is inherited by connections nobody has seen yet.
 * @throws KernelError where the namespace cannot be entered
 */
export function connectionsOfPort(localPort: number, netns?: string): number[] {
  const tables = withNamespace(netns, () => ['tcp', 'tcp6'].map(readTable));
  const wanted = tables
    .flatMap(parseTcpTable)
    .filter((one) => one.localPort === localPort && one.state !== LISTEN && one.inode !== 0);
  return wanted.map(({ inode }) => inode);
}

/** `thread-self`: `/proc/net` is that of the process, whichever namespace the thread is in. */
function readTable(name: string): string {
  try {
    return readFileSync(`/proc/thread-self/net/${name}`, 'utf8');
  } catch {
    return ''; // A kernel without IPv6.
  }
}
