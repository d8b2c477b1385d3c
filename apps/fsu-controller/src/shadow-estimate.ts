import type { fsuController } from '@levitate/contracts';
import type { ShadowReading } from '@levitate/control';

/** What queues of other sizes would have dropped, in the words of the wire. */
export function shadowEstimate(
  { intervals, droppedBytes, reactive, fixed }: ShadowReading,
  periodMs: number,
): fsuController.ShadowEstimateInit {
  return {
    measuredDroppedBytes: droppedBytes,
    reactiveDroppedBytes: reactive.droppedBytes.bytes,
    reactiveDroppedBytesLow: reactive.droppedBytes.low,
    reactiveDroppedBytesHigh: reactive.droppedBytes.high,
    staticDroppedBytes: fixed.droppedBytes.bytes,
    staticDroppedBytesLow: fixed.droppedBytes.low,
    staticDroppedBytesHigh: fixed.droppedBytes.high,
    seconds: (intervals * periodMs) / 1_000,
  };
}
