import { KernelError, kernelErrorFromErrno } from './kernel-error.ts';
import { libc } from './libc.ts';
import { align4, asciiAt, attributeSpan, NETLINK, type Span } from './netlink-message.ts';

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const NETLINK_ROUTE = 0;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const MSG_DONTWAIT = 0x40;
/** The kernel fills at most 32 KiB a read of a dump, once it has seen that the reader has room. */
const RECEIVE_BYTES = 65_536;
/** Reads of one answer, up to 32 KiB each: room for 100,000 interfaces, then it is no answer. */
const READS_MAX = 4_096;
/** `NLMSGERR_ATTR_MSG`: the kernel's own words about a failure. */
const ERROR_TEXT = 1;

/** One request and its answer. */
export interface Exchange {
  request: Uint8Array;
  sequence: number;
  /** What is being done, for the error text. */
  what: string;
  /** Called for each message of the answer; the span is valid only during the call. */
  onMessage?: (type: number, body: Span) => void;
}

/**
 * A socket to rtnetlink. Requests are answered by the kernel within the system call that asks, so
 * reading never waits: an answer that is not there at once is an error, not a reason to block.
 */
export class NetlinkSocket {
  readonly #fd: number;
  readonly #buffer = new Uint8Array(RECEIVE_BYTES);
  readonly #view = new DataView(this.#buffer.buffer);
  #sequence = 0;
  #isOpen = true;

  /** Opens in the namespace of the calling thread. @throws KernelError */
  constructor() {
    const c = libc();
    this.#fd = c.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE);
    if (this.#fd < 0) {
      throw kernelErrorFromErrno({ what: 'opening a netlink socket', errno: c.errno() });
    }
    // Both options only make errors better to read; an old kernel may not have them.
    const on = new Uint8Array([1, 0, 0, 0]);
    c.setsockopt(this.#fd, SOL_NETLINK, NETLINK_EXT_ACK, on, on.length);
    c.setsockopt(this.#fd, SOL_NETLINK, NETLINK_CAP_ACK, on, on.length);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sequence number for the next request, 1 to 2^31 - 1. */
  nextSequence(): number {
    this.#sequence = (this.#sequence % 0x7fff_ffff) + 1;
    return this.#sequence;
  }

  /**
   * Send a request and read its whole answer.
   * @throws KernelError; the socket is then closed, so that no half-read answer is mixed up with
   * the next one, unless the kernel itself answered with an error
   */
  exchange(exchange: Exchange): void {
    const failure = this.#attempt(exchange);
    if (failure !== undefined) throw failure;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    libc().close(this.#fd);
  }

  /** @returns the kernel's refusal, after which the socket is still in order */
  #attempt(exchange: Exchange): KernelError | undefined {
    try {
      const { request, what } = exchange;
      const c = libc();
      if (c.send(this.#fd, request, request.length, MSG_DONTWAIT) !== request.length) {
        throw kernelErrorFromErrno({ what, errno: c.errno() });
      }
      for (let reads = 0; reads < READS_MAX; reads++) {
        const length = c.recv(this.#fd, this.#buffer, RECEIVE_BYTES, MSG_DONTWAIT);
        if (length < 0) throw kernelErrorFromErrno({ what, errno: c.errno() });
        const end = this.#readMessages(exchange, length);
        if (end !== 'more') return end === 'done' ? undefined : end;
      }
      throw badAnswer(what, `more than ${READS_MAX} reads without an end`);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #readMessages(exchange: Exchange, length: number): 'more' | 'done' | KernelError {
    const view = this.#view;
    let at = 0;
    while (at + NETLINK.headerBytes <= length) {
      const messageBytes = view.getUint32(at, true);
      if (messageBytes < NETLINK.headerBytes || at + messageBytes > length) {
        throw badAnswer(exchange.what, `a message of ${messageBytes} B at ${at} of ${length} B`);
      }
      const type = view.getUint16(at + 4, true);
      // An answer to an earlier request that was given up is skipped.
      if (view.getUint32(at + 8, true) === exchange.sequence) {
        if (type === NETLINK.done) return 'done';
        const body = { view, start: at + NETLINK.headerBytes, end: at + messageBytes };
        if (type === NETLINK.error) return errorOf(exchange.what, body);
        exchange.onMessage?.(type, body);
      }
      at += align4(messageBytes);
    }
    return 'more';
  }
}

/** `struct nlmsgerr`: negative errno (0 acknowledges), the request's header, attributes. */
function errorOf(what: string, { view, start, end }: Span): 'done' | KernelError {
  if (start + 4 > end) throw badAnswer(what, 'an error message that is cut off');
  const errno = -view.getInt32(start, true);
  if (errno === 0) return 'done';
  const flags = view.getUint16(start - NETLINK.headerBytes + 6, true);
  let kernelMessage: string | undefined;
  if ((flags & NETLINK.flagErrorAttributes) !== 0 && start + 8 <= end) {
    const isCapped = (flags & NETLINK.flagErrorCapped) !== 0;
    const echoed = isCapped ? NETLINK.headerBytes : view.getUint32(start + 4, true);
    const text = attributeSpan({ view, start: start + 4 + align4(echoed), end }, ERROR_TEXT);
    if (text !== undefined) kernelMessage = asciiAt(text);
  }
  return kernelErrorFromErrno({ what, errno, kernelMessage });
}

function badAnswer(what: string, why: string): KernelError {
  return new KernelError({
    code: 'bad-answer',
    what,
    why: `the kernel answered with ${why}`,
    next: 'report this with the kernel version (`uname -r`)',
  });
}
