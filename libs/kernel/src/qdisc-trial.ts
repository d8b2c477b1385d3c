import { KernelError } from './kernel-error.ts';
import { MessageWriter, NETLINK } from './netlink-message.ts';
import { NetlinkSocket } from './netlink-socket.ts';
import { ROOT_PARENT } from './qdisc.ts';
import { QDISC_MESSAGE } from './qdisc-codec.ts';
import { encodeTbfOptions } from './tbf-options.ts';

/** `NLM_F_CREATE` and `NLM_F_REPLACE`. */
const CREATE_OR_REPLACE = 0x500;
const TCA = { kind: 1, options: 2 } as const;

/** The kinds whose limit can be driven. */
export const DRIVEN_KINDS = ['tbf', 'bfifo', 'pfifo', 'fq', 'fq_codel'] as const;

/**
 * Try which kinds of qdisc the kernel has, on an interface made for it. As with `tc qdisc add`, the
 * kernel may load the module of a kind it was asked for.
 * @param ifindex its root qdisc is replaced
 * @returns those of `DRIVEN_KINDS` that are there
 * @throws KernelError of another reason than that a kind is unknown
 */
export function presentKinds(ifindex: number): string[] {
  return DRIVEN_KINDS.filter((kind, at) => {
    try {
      // A handle of its own, or the kernel takes it for a change of the one before.
      createRootQdisc({ ifindex, kind, handle: (at + 1) << 16 });
      return true;
    } catch (error) {
      if (error instanceof KernelError && error.errno === 'ENOENT') return false;
      throw error;
    }
  });
}

function createRootQdisc(qdisc: { ifindex: number; kind: string; handle: number }): void {
  const { ifindex, kind, handle } = qdisc;
  const socket = new NetlinkSocket();
  try {
    const sequence = socket.nextSequence();
    const flags = NETLINK.flagRequest | NETLINK.flagAck | CREATE_OR_REPLACE;
    const writer = new MessageWriter({ type: QDISC_MESSAGE.newQdisc, flags, sequence }, 2048)
      .words(0, ifindex, handle, ROOT_PARENT, 0)
      .attributeText(TCA.kind, kind);
    // 1 MB/s with a bucket of 16 KB: any will do.
    const tbf = {
      limitBytes: 60_000,
      rateBytesPerSecond: 1_000_000,
      peakRateBytesPerSecond: 0,
      bucketTicks: 256_000,
      peakBucketTicks: 0,
      rateWords: [256, 0, 1_000_000, 0, 0, 0],
    };
    if (kind === 'tbf') writer.nest(TCA.options, (nest) => encodeTbfOptions(nest, tbf));
    socket.exchange({ request: writer.finish(), sequence, what: `making a qdisc of kind ${kind}` });
  } finally {
    socket.close();
  }
}
