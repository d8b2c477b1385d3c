import {
  AF_INET,
  addressOf,
  checked,
  libc,
  MSG_DONTWAIT,
  SO_RCVBUF,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOL_SOCKET,
  setIntOption,
  socketAddress,
} from './libc.ts';
import { unixMs } from './unix-clock.ts';

/** One probe that arrived. */
export interface ProbeArrival {
  lane: number;
  sentUnixMs: number;
  /** One-way delay through the lab, milliseconds: source socket to destination's network stack. */
  delayMs: number;
}

const PROBE_PORT = 4_242;
/** Lane (u32), spare (u32), time of sending (f64, Unix milliseconds). */
const PROBE_BYTES = 16;
const MESSAGE_BYTES = 64;
const CONTROL_BYTES = 64;
const RECEIVE_MAX = 256;

/**
 * Small packets with their sending time in them, through every lane's queue; the kernel stamps
 * their arrival (SO_TIMESTAMPNS), so a receiver that reads late measures no longer delay.
 */
export class DelayProbe {
  readonly #sender: number;
  readonly #receiver: number;
  readonly #outgoing: ProbeMessages;
  readonly #incoming = new ArrivalMessages();

  /** @param inside opens a socket in the named one of the two namespaces */
  constructor(options: {
    destinationAddresses: readonly string[];
    inside: <T>(side: 'source' | 'destination', open: () => T) => T;
  }) {
    const socket = () => checked(libc().socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), 'socket');
    this.#sender = options.inside('source', socket);
    this.#receiver = options.inside('destination', socket);
    const any = socketAddress({ address: '0.0.0.0', port: PROBE_PORT });
    checked(libc().bind(this.#receiver, any, 16), 'bind the probe');
    setIntOption(this.#receiver, { level: SOL_SOCKET, name: SO_TIMESTAMPNS, value: 1 });
    setIntOption(this.#receiver, { level: SOL_SOCKET, name: SO_RCVBUF, value: 4_194_304 });
    this.#outgoing = new ProbeMessages(options.destinationAddresses);
  }

  /** Send one probe down every lane. @returns probes the kernel took */
  send(): number {
    return this.#outgoing.send(this.#sender);
  }

  /** Everything that arrived since the last call. */
  receive(): ProbeArrival[] {
    return this.#incoming.receive(this.#receiver);
  }

  close(): void {
    libc().close(this.#sender);
    libc().close(this.#receiver);
  }
}

/** One message per lane, always the same but for the time in them. */
class ProbeMessages {
  readonly #count: number;
  readonly #headers: Buffer;
  readonly #payloads: Buffer;
  readonly #names: Buffer;
  readonly #vectors: Buffer;

  constructor(addresses: readonly string[]) {
    this.#count = addresses.length;
    this.#headers = Buffer.allocUnsafeSlow(MESSAGE_BYTES * this.#count).fill(0);
    this.#payloads = Buffer.allocUnsafeSlow(PROBE_BYTES * this.#count).fill(0);
    this.#names = Buffer.allocUnsafeSlow(16 * this.#count);
    this.#vectors = Buffer.allocUnsafeSlow(16 * this.#count);
    addresses.forEach((address, lane) => {
      socketAddress({ address, port: PROBE_PORT }).copy(this.#names, lane * 16);
      this.#payloads.writeUInt32LE(lane, lane * PROBE_BYTES);
      writeVector(this.#vectors, { lane, base: this.#payloads, bytes: PROBE_BYTES });
      writeHeader(this.#headers, { at: lane, names: this.#names, vectors: this.#vectors });
    });
  }

  send(fd: number): number {
    const now = unixMs();
    for (let lane = 0; lane < this.#count; lane++) {
      this.#payloads.writeDoubleLE(now, lane * PROBE_BYTES + 8);
    }
    return Math.max(0, libc().sendmmsg(fd, this.#headers, this.#count, MSG_DONTWAIT));
  }
}

/** Room for a batch of arrivals with their kernel timestamps. */
class ArrivalMessages {
  readonly #headers = Buffer.allocUnsafeSlow(MESSAGE_BYTES * RECEIVE_MAX).fill(0);
  readonly #payloads = Buffer.allocUnsafeSlow(PROBE_BYTES * RECEIVE_MAX).fill(0);
  readonly #vectors = Buffer.allocUnsafeSlow(16 * RECEIVE_MAX);
  readonly #controls = Buffer.allocUnsafeSlow(CONTROL_BYTES * RECEIVE_MAX).fill(0);

  constructor() {
    for (let i = 0; i < RECEIVE_MAX; i++) {
      writeVector(this.#vectors, { lane: i, base: this.#payloads, bytes: PROBE_BYTES });
      writeHeader(this.#headers, { at: i, names: undefined, vectors: this.#vectors });
      const control = addressOf(this.#controls) + BigInt(i * CONTROL_BYTES);
      this.#headers.writeBigUInt64LE(control, i * MESSAGE_BYTES + 32);
    }
  }

  receive(fd: number): ProbeArrival[] {
    const arrivals: ProbeArrival[] = [];
    for (;;) {
      // The kernel writes the length of what it filled in over the length of the room.
      for (let i = 0; i < RECEIVE_MAX; i++) {
        this.#headers.writeBigUInt64LE(BigInt(CONTROL_BYTES), i * MESSAGE_BYTES + 40);
      }
      const count = libc().recvmmsg(fd, this.#headers, RECEIVE_MAX, MSG_DONTWAIT, null);
      for (let i = 0; i < count; i++) arrivals.push(this.#arrival(i));
      if (count < RECEIVE_MAX) return arrivals;
    }
  }

  /** `struct cmsghdr` (16 bytes), then seconds and nanoseconds of the arrival. */
  #arrival(i: number): ProbeArrival {
    const sentUnixMs = this.#payloads.readDoubleLE(i * PROBE_BYTES + 8);
    const stamp = i * CONTROL_BYTES + 16;
    const arrivedUnixMs =
      Number(this.#controls.readBigInt64LE(stamp)) * 1e3 +
      Number(this.#controls.readBigInt64LE(stamp + 8)) / 1e6;
    return {
      lane: this.#payloads.readUInt32LE(i * PROBE_BYTES),
      sentUnixMs,
      delayMs: Math.max(0, arrivedUnixMs - sentUnixMs),
    };
  }
}

function writeVector(vectors: Buffer, part: { lane: number; base: Buffer; bytes: number }): void {
  const base = addressOf(part.base) + BigInt(part.lane * part.bytes);
  vectors.writeBigUInt64LE(base, part.lane * 16);
  vectors.writeBigUInt64LE(BigInt(part.bytes), part.lane * 16 + 8);
}

function writeHeader(
  headers: Buffer,
  parts: { at: number; names: Buffer | undefined; vectors: Buffer },
): void {
  const start = parts.at * MESSAGE_BYTES;
  if (parts.names !== undefined) {
    headers.writeBigUInt64LE(addressOf(parts.names) + BigInt(parts.at * 16), start);
    headers.writeUInt32LE(16, start + 8);
  }
  headers.writeBigUInt64LE(addressOf(parts.vectors) + BigInt(parts.at * 16), start + 16);
  headers.writeBigUInt64LE(1n, start + 24);
}
