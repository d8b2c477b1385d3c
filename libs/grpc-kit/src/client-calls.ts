import {
  type Client as GrpcClient,
  Metadata,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import type { FieldViolation } from '@levitate/contracts';
import type { CallOptions } from './call-options.ts';
import { decodedMessage } from './decoded-message.ts';
import { rpcErrorOf } from './error-status.ts';
import type { CallMeter } from './grpc-metrics.ts';
import { RpcError } from './rpc-error.ts';

/** What all calls of one client share. */
export interface ClientSurroundings {
  /** The connection; a promise while TLS files are read. */
  readonly open: () => GrpcClient | Promise<GrpcClient>;
  readonly service: string;
  readonly meter: CallMeter;
  /** Of unary calls that bring none. */
  readonly deadlineMs: number;
  readonly deadlineMsMax: number;
}

/** One RPC as a client needs it. */
export interface ClientMethod {
  readonly name: string;
  readonly definition: MethodDefinition<unknown, unknown>;
  readonly validate: (request: unknown) => FieldViolation[];
}

/** A unary RPC as an async function. */
export function unaryRpc(method: ClientMethod, surroundings: ClientSurroundings) {
  const { path, requestSerialize, responseDeserialize } = method.definition;
  const labels = labelsOf('unary', method, surroundings);
  return async (request: unknown, options: CallOptions = {}): Promise<unknown> => {
    assertValid(method, request);
    const signal = signalOf(options);
    if (signal?.aborted) throw cancelled(signal);
    const client = await surroundings.open();
    const deadline = deadlineOf(options, surroundings, surroundings.deadlineMs);
    const done = surroundings.meter(labels);
    return new Promise((resolve, reject) => {
      const onAbort = () => call.cancel();
      const call = client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        { deadline },
        (error: ServiceError | null, response: unknown) => {
          signal?.removeEventListener('abort', onAbort);
          if (error === null) {
            done('OK');
            resolve(response);
            return;
          }
          const failure = signal?.aborted ? cancelled(signal) : rpcErrorOf(error);
          done(failure.code);
          reject(failure);
        },
      );
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  };
}

/** A message of a stream as it came, for a reader that decodes the usual ones itself. */
export interface ReceivedMessage<Message> {
  readonly bytes: Buffer;
  /** @throws RpcError `INTERNAL` where the bytes are no such message */
  readonly decode: () => Message;
}

/**
 * A streaming RPC as an async iterable. It starts when it is first asked for a message, reads at
 * the pace of its reader, and leaving the loop cancels it. Its `encoded` gives messages as they
 * came.
 */
export function streamingRpc(method: ClientMethod, surroundings: ClientSurroundings) {
  const encoded = (
    request: unknown,
    options: CallOptions = {},
  ): AsyncIterable<ReceivedMessage<unknown>> => {
    assertValid(method, request);
    return readStream({ method, surroundings, request, options });
  };
  const decoded = (request: unknown, options: CallOptions = {}): AsyncIterable<unknown> =>
    decodedOf(encoded(request, options));
  return Object.assign(decoded, { encoded });
}

async function* decodedOf(messages: AsyncIterable<ReceivedMessage<unknown>>) {
  for await (const message of messages) yield message.decode();
}

async function* readStream(parts: {
  method: ClientMethod;
  surroundings: ClientSurroundings;
  request: unknown;
  options: CallOptions;
}): AsyncGenerator<ReceivedMessage<unknown>, void, undefined> {
  const { method, surroundings, request, options } = parts;
  const { path, requestSerialize, responseDeserialize } = method.definition;
  const signal = signalOf(options);
  if (signal?.aborted) throw cancelled(signal);
  const client = await surroundings.open();
  const deadline = deadlineOf(options, surroundings, Number.POSITIVE_INFINITY);
  const done = surroundings.meter(labelsOf('server_stream', method, surroundings));
  const call = client.makeServerStreamRequest(
    path,
    requestSerialize,
    // Decoded below, as requests are where they are served: grpc-js holds on to what it hands over.
    (bytes: Buffer) => bytes,
    request,
    new Metadata(),
    { deadline },
  );
  // Kept for the time between two reads, in which an error event would have no listener.
  call.on('error', () => {});
  const onAbort = () => call.cancel();
  signal?.addEventListener('abort', onAbort, { once: true });
  let code = 'CANCELLED';
  try {
    for await (const received of call) {
      const bytes = received as Buffer;
      yield { bytes, decode: () => decodedMessage(bytes, responseDeserialize) };
    }
    code = 'OK';
  } catch (error) {
    const failure = signal?.aborted ? cancelled(signal) : failureOf(error);
    code = failure.code;
    throw failure;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    call.cancel();
    done(code);
  }
}

function failureOf(error: unknown): RpcError {
  return error instanceof RpcError ? error : rpcErrorOf(error as ServiceError);
}

function labelsOf(
  type: 'unary' | 'server_stream',
  method: ClientMethod,
  { service }: ClientSurroundings,
) {
  return { grpc_type: type, grpc_service: service, grpc_method: method.name } as const;
}

function assertValid(method: ClientMethod, request: unknown): void {
  const violations = method.validate(request);
  if (violations.length > 0) throw RpcError.invalidArgument(violations);
}

function signalOf({ signal, parent }: CallOptions): AbortSignal | undefined {
  if (signal !== undefined && parent !== undefined) return AbortSignal.any([signal, parent.signal]);
  return signal ?? parent?.signal;
}

function deadlineOf(
  { deadlineMs, parent }: CallOptions,
  { deadlineMsMax }: ClientSurroundings,
  otherwiseMs: number,
): number {
  const ms = deadlineMs ?? otherwiseMs;
  const own = ms === Number.POSITIVE_INFINITY ? ms : Date.now() + Math.min(ms, deadlineMsMax);
  return Math.min(own, parent?.deadlineUnixMs ?? Number.POSITIVE_INFINITY);
}

function cancelled(signal: AbortSignal): RpcError {
  if (signal.reason instanceof RpcError) return signal.reason;
  return new RpcError({
    code: 'CANCELLED',
    message: 'the call was cancelled by its caller',
    cause: signal.reason,
  });
}
