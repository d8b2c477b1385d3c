import type { Metadata, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { RpcError } from './rpc-error.ts';

/** What a handler knows of its call. Hand it to outgoing calls (`{ parent: call }`). */
export interface CallContext {
  /** Aborted when the caller is gone, the deadline is past or the server stops. */
  readonly signal: AbortSignal;
  /** Wall clock at which the caller gives up; `Infinity` when it waits forever. */
  readonly deadlineUnixMs: number;
  /** Address of the caller. */
  readonly peer: string;
  /** Metadata the caller sent. */
  readonly metadata: Metadata;
}

type ServerCall = ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>;

/**
 * A call's context, the way to end it from this side, and what says that it has been answered:
 * grpc-js calls every call cancelled when its stream closes.
 */
export function openContext(call: ServerCall): {
  context: CallContext;
  abort(why: RpcError): void;
  close(): void;
} {
  const controller = new AbortController();
  const deadline = call.getDeadline();
  const deadlineUnixMs = deadline instanceof Date ? deadline.getTime() : deadline;
  const onCancelled = (): void => controller.abort(goneReason(deadlineUnixMs));
  call.on('cancelled', onCancelled);
  const context: CallContext = {
    signal: controller.signal,
    deadlineUnixMs,
    peer: call.getPeer(),
    metadata: call.metadata,
  };
  return {
    context,
    abort: (why) => controller.abort(why),
    close: () => call.off('cancelled', onCancelled),
  };
}

function goneReason(deadlineUnixMs: number): RpcError {
  return Date.now() >= deadlineUnixMs
    ? new RpcError({ code: 'DEADLINE_EXCEEDED', message: 'the deadline of the call has passed' })
    : new RpcError({ code: 'CANCELLED', message: 'the caller has gone' });
}
