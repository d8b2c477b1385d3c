import {
  attributeEnd,
  attributeOffset,
  type MessageWriter,
  type Span,
  u64At,
} from './netlink-message.ts';

/** Attributes of a tbf, `linux/pkt_sched.h`. */
const TBF = { parameters: 1, rate64: 4, peakRate64: 5, burst: 6, peakBurst: 7 } as const;

/** `struct tc_tbf_qopt`: two rate specifications of 12 bytes, limit, buffer, mtu. */
const PARAMETERS_BYTES = 36;
/** A scheduler tick (`PSCHED_SHIFT` 6). */
const TICK_NS = 64;
const LINK_LAYER_ATM = 2;

/** Options of a tbf as dumped, in the shape they must be sent back in. */
export interface TbfOptions {
  limitBytes: number;
  rateBytesPerSecond: number;
  /** 0 when no peak rate is set. */
  peakRateBytesPerSecond: number;
  /** Depth of the bucket, 64 ns ticks at the rate. */
  bucketTicks: number;
  /** Depth of the peak rate's bucket, 64 ns ticks at the peak rate. */
  peakBucketTicks: number;
  /** The two rate specifications as six words, overhead and link layer included. */
  rateWords: readonly number[];
}

/** @returns `undefined` when the parameters are missing or cut off */
export function decodeTbfOptions(options: Span): TbfOptions | undefined {
  const { view } = options;
  const at = attributeOffset(options, TBF.parameters);
  if (at < 0 || attributeEnd(view, at) - at < PARAMETERS_BYTES) return undefined;
  const rateWords = [0, 4, 8, 12, 16, 20].map((offset) => view.getUint32(at + offset, true));
  return {
    limitBytes: view.getUint32(at + 24, true),
    bucketTicks: view.getUint32(at + 28, true),
    peakBucketTicks: view.getUint32(at + 32, true),
    // A rate of 4 GB/s and more does not fit the 32 bits of the structure.
    rateBytesPerSecond: u64Attribute(options, TBF.rate64) ?? view.getUint32(at + 8, true),
    peakRateBytesPerSecond: u64Attribute(options, TBF.peakRate64) ?? view.getUint32(at + 20, true),
    rateWords,
  };
}

/**
 * Write the options back. Everything is echoed, and the burst is added in bytes: from the ticks
 * alone the kernel would round the largest packet it accepts down by a byte, and a bucket of just
 * one frame would then drop every full frame.
 */
export function encodeTbfOptions(writer: MessageWriter, options: TbfOptions): void {
  writer.attribute(TBF.parameters, parametersOf(options));
  const [rateHead = 0] = options.rateWords;
  if (options.rateBytesPerSecond >= 0x1_0000_0000) {
    writer.attributeU64(TBF.rate64, options.rateBytesPerSecond);
  }
  if (options.peakRateBytesPerSecond >= 0x1_0000_0000) {
    writer.attributeU64(TBF.peakRate64, options.peakRateBytesPerSecond);
  }
  // The link layer of ATM pads to cells, so bytes do not follow from ticks: the echo must do.
  if ((rateHead >>> 8) % 16 === LINK_LAYER_ATM) return;
  writer.attributeU32(
    TBF.burst,
    burstBytes(options.bucketTicks, options.rateBytesPerSecond, rateHead),
  );
  if (options.peakRateBytesPerSecond > 0) {
    const peakHead = options.rateWords[3] ?? 0;
    const { peakBucketTicks, peakRateBytesPerSecond } = options;
    writer.attributeU32(
      TBF.peakBurst,
      burstBytes(peakBucketTicks, peakRateBytesPerSecond, peakHead),
    );
  }
}

/**
 * The largest burst, bytes, that still dumps as `ticks`: never below the one it was made with and
 * less than one tick above (0.8 B at 100 Mbit/s), so echoing again and again does not creep.
 */
function burstBytes(ticks: number, bytesPerSecond: number, rateHead: number): number {
  const overheadBytes = rateHead >>> 16;
  const bound = ((ticks + 1) * TICK_NS * bytesPerSecond) / 1e9;
  return Math.max(1, Math.ceil(bound) - 1 - overheadBytes);
}

function parametersOf(options: TbfOptions): Uint8Array {
  const bytes = new Uint8Array(PARAMETERS_BYTES);
  const view = new DataView(bytes.buffer);
  options.rateWords.forEach((word, index) => {
    view.setUint32(index * 4, word, true);
  });
  view.setUint32(24, options.limitBytes, true);
  view.setUint32(28, options.bucketTicks, true);
  view.setUint32(32, options.peakBucketTicks, true);
  return bytes;
}

function u64Attribute(options: Span, type: number): number | undefined {
  const at = attributeOffset(options, type);
  return at < 0 || attributeEnd(options.view, at) - at < 8 ? undefined : u64At(options.view, at);
}
