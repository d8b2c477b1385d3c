import { setTimeout as delay } from 'node:timers/promises';
import { type RpcCode, RpcError } from './rpc-error.ts';

/** @see reconnecting */
export interface ReconnectingOptions<Item> {
  /** Opens the stream anew; it throws or ends when the connection is lost. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Item>;
  /** Ends the stream, without an error. */
  readonly signal: AbortSignal;
  /** Told of every loss and of the wait before the next attempt. */
  readonly onDown?: ((error: unknown, waitMs: number) => void) | undefined;
  /** First and longest wait, milliseconds. Default 100 and 5,000: it doubles up to the longest. */
  readonly waitMs?: { readonly first: number; readonly longest: number } | undefined;
  /** 0..1, for jitter: a wait is between half of its length and all of it. */
  readonly random?: (() => number) | undefined;
}

/**
 * A stream that outlives its connection. An item that arrives makes the next wait the first again.
 * What was lost in between only the caller can know: it knows its items.
 *
 * @throws RpcError where trying again cannot help: `INVALID_ARGUMENT`, `UNIMPLEMENTED`
 */
export async function* reconnecting<Item>(
  options: ReconnectingOptions<Item>,
): AsyncGenerator<Item, void, undefined> {
  const { open, signal, onDown, random = Math.random } = options;
  const { first, longest } = options.waitMs ?? { first: 100, longest: 5_000 };
  let attempt = 0;
  while (!signal.aborted) {
    let error: unknown = new RpcError({ code: 'UNAVAILABLE', message: 'the stream ended' });
    try {
      for await (const item of open(signal)) {
        attempt = 0;
        yield item;
      }
    } catch (cause) {
      if (cause instanceof RpcError && finalCodes.includes(cause.code)) throw cause;
      error = cause;
    }
    if (signal.aborted) return;
    const waitMs = Math.min(longest, first * 2 ** attempt) * (0.5 + random() / 2);
    attempt += 1;
    onDown?.(error, waitMs);
    await delay(waitMs, undefined, { signal }).catch(() => {});
  }
}

const finalCodes: readonly RpcCode[] = ['INVALID_ARGUMENT', 'UNIMPLEMENTED'];
