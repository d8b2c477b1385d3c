import {
  AF_INET,
  addressOf,
  checked,
  errno,
  libc,
  SO_SNDBUF,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOL_SOCKET,
  SOL_UDP,
  setIntOption,
  socketAddress,
  UDP_SEGMENT,
} from './libc.ts';

/**
 * Bytes of one packet as a qdisc counts it: 14 of Ethernet, 20 of IPv4, 8 of UDP and the payload.
 * (tbf and bfifo count `qdisc_pkt_len`, which starts at the Ethernet header.)
 */
export const PACKET_BYTES = 1_500;
const HEADER_BYTES = 14 + 20 + 8;
const PAYLOAD_BYTES = PACKET_BYTES - HEADER_BYTES;

/** Discard port (RFC 863). */
const SINK_PORT = 9;

/** `struct mmsghdr` and the places in it, 64-bit Linux. */
const HEADER = { bytes: 64, name: 0, nameLength: 8, vectors: 16, vectorCount: 24 } as const;
const BATCH_MAX = 512;

/**
 * From this many packets on a step's packets leave as one segmented datagram. Together they are
 * longer than the bucket's burst of 16 KB, so `tbf` splits them (`tbf_segment`) before it queues,
 * and counts and drops every one by itself; below that it would take them as one packet.
 */
const SEGMENTED_MIN = 12;
/** 44 payloads are the most that fit the 65,507 bytes of one datagram. */
const SEGMENTED_MAX = 44;

/** Bytes of n payloads, made once: a BigInt a message would keep the collector busy. */
const LENGTHS = Array.from({ length: SEGMENTED_MAX + 1 }, (_, n) => BigInt(n * PAYLOAD_BYTES));

/**
 * Sends full-size UDP packets to many lanes with few system calls: one `sendmmsg` for a step of
 * all lanes. Make it on a thread that is inside the source namespace.
 *
 * Bursts leave as segmented datagrams: single packets cost 2-3 us each from socket to queue, and
 * 5,000 of them for six lanes within 80 ms would be more than one core can do.
 */
export class PacketSender {
  readonly #single: MessageQueue;
  readonly #segmented: MessageQueue;
  readonly #destinations: Buffer[];
  readonly #pointers: bigint[];
  readonly #payload = Buffer.allocUnsafeSlow(PAYLOAD_BYTES * SEGMENTED_MAX).fill(0x6c);

  constructor(options: { sinkAddresses: readonly string[] }) {
    this.#destinations = options.sinkAddresses.map((address) => {
      const slow = Buffer.allocUnsafeSlow(64);
      socketAddress({ address, port: SINK_PORT }).copy(slow);
      return slow;
    });
    this.#pointers = this.#destinations.map(addressOf);
    this.#single = new MessageQueue({ payload: this.#payload, segmentBytes: undefined });
    this.#segmented = new MessageQueue({ payload: this.#payload, segmentBytes: PAYLOAD_BYTES });
  }

  /** Queue `packets` packets for each of the lanes, the lanes taking turns. */
  add(lanes: readonly number[], packets: number): void {
    let left = packets;
    while (left > 0) {
      const size = left >= SEGMENTED_MIN ? Math.min(left, SEGMENTED_MAX) : 1;
      const queue = size > 1 ? this.#segmented : this.#single;
      for (const lane of lanes) {
        queue.add(this.#pointers[lane] as bigint, size);
      }
      left -= size;
    }
  }

  /** Hand everything queued to the kernel. @returns messages that it refused */
  flush(): number {
    return this.#segmented.flush() + this.#single.flush();
  }

  close(): void {
    this.#single.close();
    this.#segmented.close();
  }
}

/** An array of `struct mmsghdr` that fills up and goes out through one socket. */
class MessageQueue {
  readonly #fd: number;
  readonly #headers = Buffer.allocUnsafeSlow(HEADER.bytes * BATCH_MAX).fill(0);
  readonly #vectors = Buffer.allocUnsafeSlow(16 * BATCH_MAX).fill(0);
  readonly #names = new BigUint64Array(this.#headers.buffer);
  readonly #vectorWords = new BigUint64Array(this.#vectors.buffer);
  #count = 0;
  #refused = 0;

  constructor(options: { payload: Buffer; segmentBytes: number | undefined }) {
    this.#fd = checked(libc().socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), 'socket');
    setIntOption(this.#fd, { level: SOL_SOCKET, name: SO_SNDBUF, value: 4_194_304 });
    if (options.segmentBytes !== undefined) {
      setIntOption(this.#fd, { level: SOL_UDP, name: UDP_SEGMENT, value: options.segmentBytes });
    }
    const payload = addressOf(options.payload);
    const vectors = addressOf(this.#vectors);
    for (let i = 0; i < BATCH_MAX; i++) {
      const at = i * HEADER.bytes;
      this.#headers.writeUInt32LE(16, at + HEADER.nameLength);
      this.#headers.writeBigUInt64LE(vectors + BigInt(i * 16), at + HEADER.vectors);
      this.#headers.writeBigUInt64LE(1n, at + HEADER.vectorCount);
      this.#vectors.writeBigUInt64LE(payload, i * 16);
    }
  }

  /** @param packets payloads in this message, 1 to 44 */
  add(destination: bigint, packets: number): void {
    this.#names[(this.#count * HEADER.bytes) / 8] = destination;
    this.#vectorWords[this.#count * 2 + 1] = LENGTHS[packets] as bigint;
    this.#count++;
    if (this.#count === BATCH_MAX) this.#send();
  }

  flush(): number {
    if (this.#count > 0) this.#send();
    const refused = this.#refused;
    this.#refused = 0;
    return refused;
  }

  close(): void {
    libc().close(this.#fd);
  }

  /** A message that the kernel refuses is counted and left out; the rest follow. */
  #send(): void {
    let done = 0;
    while (done < this.#count) {
      const rest = this.#headers.subarray(done * HEADER.bytes);
      const sent = libc().sendmmsg(this.#fd, rest, this.#count - done, 0);
      if (sent > 0) {
        done += sent;
      } else {
        lastRefusal.errno = errno();
        this.#refused++;
        done++;
      }
    }
    this.#count = 0;
  }
}

/** Why the kernel last refused a message, for the report. */
export const lastRefusal = { errno: 0 };
