import { once } from 'node:events';
import type {
  handleServerStreamingCall,
  handleUnaryCall,
  ServerWritableStream,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { type CallContext, openContext } from './call-context.ts';
import { decodedMessage } from './decoded-message.ts';
import { statusOf } from './error-status.ts';
import type { CallMeter } from './grpc-metrics.ts';
import { RpcError } from './rpc-error.ts';
import type { AnyHandler, ServedService } from './serve.ts';

/** What a server writes of handlers that failed; pino fits. */
export interface GrpcLogger {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Calls in progress, so that a drain can end streams and force the rest. */
export interface OpenCalls {
  readonly streams: Set<(why: RpcError) => void>;
  readonly unaries: Set<(why: RpcError) => void>;
}

interface Surroundings {
  readonly meter: CallMeter;
  readonly logger: GrpcLogger | undefined;
  readonly open: OpenCalls;
}

/** grpc-js handlers of one service: validate, run, translate, count. */
export function implementationOf(
  { contract, handlers }: ServedService,
  surroundings: Surroundings,
): UntypedServiceImplementation {
  const entries = Object.entries(contract.definition).map(([rpc, method]) => {
    const name = `${rpc[0]?.toLowerCase()}${rpc.slice(1)}`;
    const handler = handlers[name];
    const validate = contract.validate[name];
    if (handler === undefined || validate === undefined) {
      throw new TypeError(`${contract.fullName} has no handler or validator for ${name}`);
    }
    const decode = method.requestDeserialize;
    const checked: AnyHandler = (bytes, context) => {
      const request = decodedMessage(bytes as Buffer, decode);
      const violations = validate(request);
      if (violations.length > 0) throw RpcError.invalidArgument(violations);
      return handler(request, context);
    };
    const meta = { service: contract.fullName, rpc };
    const call = method.responseStream
      ? streamCall(checked, meta, surroundings)
      : unaryCall(checked, meta, surroundings);
    return [rpc, call] as const;
  });
  return Object.fromEntries(entries);
}

interface RpcName {
  readonly service: string;
  readonly rpc: string;
}

function unaryCall(
  handler: AnyHandler,
  name: RpcName,
  { meter, logger, open }: Surroundings,
): handleUnaryCall<unknown, unknown> {
  return async (call, callback) => {
    const done = meter({ grpc_type: 'unary', grpc_service: name.service, grpc_method: name.rpc });
    const { context, abort, close } = openContext(call);
    open.unaries.add(abort);
    try {
      const response = await untilAborted(
        (async () => handler(call.request, context))(),
        context.signal,
      );
      callback(null, response);
      done('OK');
    } catch (error) {
      const answer = statusOf(error);
      logUnknown(error, name, logger);
      callback(answer);
      done(status[answer.code]);
    } finally {
      close();
      open.unaries.delete(abort);
    }
  };
}

function streamCall(
  handler: AnyHandler,
  name: RpcName,
  { meter, logger, open }: Surroundings,
): handleServerStreamingCall<unknown, unknown> {
  return async (call) => {
    const labels = { grpc_service: name.service, grpc_method: name.rpc };
    const done = meter({ grpc_type: 'server_stream', ...labels });
    const { context, abort, close } = openContext(call);
    open.streams.add(abort);
    try {
      await sendAll(handler(call.request, context) as AsyncIterable<unknown>, call, context);
      call.end();
      done('OK');
    } catch (error) {
      const answer = statusOf(error);
      logUnknown(error, name, logger);
      // An error event, not a write: grpc-js turns it into the trailers.
      call.emit('error', answer);
      done(status[answer.code]);
    } finally {
      close();
      open.streams.delete(abort);
    }
  };
}

/** Writes at the reader's pace: the next message is asked for when the last one was taken. */
async function sendAll(
  messages: AsyncIterable<unknown>,
  call: ServerWritableStream<unknown, unknown>,
  { signal }: CallContext,
): Promise<void> {
  const iterator = messages[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await untilAborted(iterator.next(), signal);
      if (next.done) return;
      if (!call.write(next.value)) await once(call, 'drain', { signal });
    }
  } catch (error) {
    // Not awaited: a handler that ignores its signal must not hold the call open.
    iterator.return?.().catch(() => {});
    throw signal.aborted ? signal.reason : error;
  }
}

/** The promise's outcome, or the signal's reason as soon as it is aborted. */
async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  if (signal.aborted) {
    promise.catch(() => {});
    throw signal.reason;
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function logUnknown(error: unknown, name: RpcName, logger: GrpcLogger | undefined): void {
  if (error instanceof RpcError && !error.received) return;
  logger?.error({ err: error, ...name }, 'a handler failed');
}
