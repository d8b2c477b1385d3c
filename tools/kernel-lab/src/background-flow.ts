import {
  AF_INET,
  checked,
  IPPROTO_TCP,
  libc,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  MSG_TRUNC,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  setIntOption,
  socketAddress,
  TCP_CONGESTION,
  TCP_NODELAY,
} from './libc.ts';

const BACKGROUND_PORT = 4_243;
/** Time between two writes of one flow: small enough that none is a burst of its own. */
const WRITE_INTERVAL_MS = 10;
const RECEIVE_BYTES = 1_048_576;

/**
 * One TCP connection per lane that offers no more than a given rate, written in small pieces
 * every 10 ms; the lanes write at different milliseconds. Congestion control is cubic: it takes
 * drops for what they are, while the host's default (bbr) hardly sees them.
 *
 * Plain system calls rather than `node:net`: a write costs a tenth, and the receiver lets the
 * kernel throw the bytes away (`MSG_TRUNC`).
 */
export class BackgroundFlows {
  readonly #flows: Flow[];
  readonly #piece: Buffer;
  readonly #bytesPerMs: number;

  constructor(options: {
    destinationAddresses: readonly string[];
    bitsPerSecond: number;
    inside: <T>(side: 'source' | 'destination', open: () => T) => T;
  }) {
    this.#bytesPerMs = options.bitsPerSecond / 8_000;
    this.#piece = Buffer.allocUnsafeSlow(Math.ceil(this.#bytesPerMs * WRITE_INTERVAL_MS * 2));
    this.#piece.fill(0x62);
    const listener = options.inside('destination', listen);
    this.#flows = options.destinationAddresses.map((address, lane) => {
      const sender = options.inside('source', () => connect(address));
      const flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
      const receiver = checked(libc().accept4(listener, null, null, flags), 'accept a flow');
      const dueMs = WRITE_INTERVAL_MS + (lane % WRITE_INTERVAL_MS);
      return { sender, receiver, writtenMs: 0, dueMs, acceptedBytes: 0, deliveredBytes: 0 };
    });
    libc().close(listener);
  }

  /** Write and read what is due by now. */
  step(elapsedMs: number): void {
    for (const flow of this.#flows) {
      if (elapsedMs < flow.dueMs) continue;
      flow.dueMs = Math.max(flow.dueMs + WRITE_INTERVAL_MS, elapsedMs);
      this.#exchange(flow, elapsedMs);
    }
  }

  /** Bytes taken by the sender's socket and bytes that arrived, per lane. */
  totals(): { acceptedBytes: number; deliveredBytes: number }[] {
    return this.#flows.map(({ acceptedBytes, deliveredBytes }) => ({
      acceptedBytes,
      deliveredBytes,
    }));
  }

  close(): void {
    for (const { sender, receiver } of this.#flows) {
      libc().close(sender);
      libc().close(receiver);
    }
  }

  /** At most 20 ms are written at once, what is owed beyond is forgone: no burst of its own. */
  #exchange(flow: Flow, elapsedMs: number): void {
    const owed = Math.floor((elapsedMs - flow.writtenMs) * this.#bytesPerMs);
    flow.writtenMs = elapsedMs;
    const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    const length = Math.min(owed, this.#piece.length);
    flow.acceptedBytes += Math.max(0, libc().send(flow.sender, this.#piece, length, flags));
    const received = libc().recv(flow.receiver, null, RECEIVE_BYTES, MSG_DONTWAIT | MSG_TRUNC);
    flow.deliveredBytes += Math.max(0, received);
  }
}

interface Flow {
  sender: number;
  receiver: number;
  writtenMs: number;
  dueMs: number;
  acceptedBytes: number;
  deliveredBytes: number;
}

function listen(): number {
  const fd = checked(libc().socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 'socket');
  setIntOption(fd, { level: SOL_SOCKET, name: SO_REUSEADDR, value: 1 });
  const any = socketAddress({ address: '0.0.0.0', port: BACKGROUND_PORT });
  checked(libc().bind(fd, any, 16), 'bind the background flow');
  checked(libc().listen(fd, 256), 'listen');
  return fd;
}

/** Blocks for the microseconds that a connection within one host takes. */
function connect(address: string): number {
  const fd = checked(libc().socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 'socket');
  const at = socketAddress({ address, port: BACKGROUND_PORT });
  checked(libc().connect(fd, at, 16), `connect ${address}`);
  setIntOption(fd, { level: IPPROTO_TCP, name: TCP_NODELAY, value: 1 });
  // A kernel without cubic keeps its default; the flow is limited all the same.
  libc().setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, Buffer.from('cubic'), 5);
  return fd;
}
