import { EncodedMessage } from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import { sampleBytes } from './sample-bytes.ts';
import { putVarint } from './varint.ts';

const SAMPLES_TAG = 0x0a;
const LOST_TAG = 0x10;
/** Of a length or a count: seven bits a byte, 53 bits. */
const VARINT_BYTES_MAX = 8;

/**
 * The `StreamSamplesResponse` of telemetry and of the agent, which are the same on the wire:
 * samples, and how many their reader lost before them.
 */
export function samplesMessage(samples: readonly Sample[], lost: number): EncodedMessage {
  const parts = samples.map(sampleBytes);
  const bytesMax = parts.reduce((sum, part) => sum + part.length + 1 + VARINT_BYTES_MAX, 0);
  const message = Buffer.allocUnsafe(bytesMax + 1 + VARINT_BYTES_MAX);
  let at = 0;
  for (const part of parts) {
    message[at] = SAMPLES_TAG;
    at = putVarint(message, part.length, at + 1);
    at += part.copy(message, at);
  }
  // Zero is what a missing number means, and the general encoder leaves it out too.
  if (lost > 0) {
    message[at] = LOST_TAG;
    at = putVarint(message, lost, at + 1);
  }
  return new EncodedMessage(message.subarray(0, at));
}
