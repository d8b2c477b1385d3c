import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type RpcCode, RpcError } from './rpc-error.ts';
import { decodeStatusDetails, encodeStatusDetails } from './status-details.ts';

/** Trailer that carries `google.rpc.Status`. */
const detailsKey = 'grpc-status-details-bin';
/** Trailers are bounded by peers (8 KiB in Go and Java); details beyond this stay at home. */
const detailsBytesMax = 6_144;

/** A status as grpc-js sends it. */
export interface OutgoingStatus {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/**
 * The one translation of an error to a status, at the edge. An error that is not an `RpcError`,
 * and an `RpcError` that a peer of ours sent us, is nobody's business: it becomes `INTERNAL`, or
 * `UNAVAILABLE` when the peer could not be reached in time.
 */
export function statusOf(error: unknown): OutgoingStatus {
  const own = error instanceof RpcError && !error.received ? error : stranger(error);
  const metadata = new Metadata();
  const details = encodeStatusDetails({
    code: status[own.code],
    message: own.message,
    reason: own.reason,
    metadata: own.metadata,
    violations: own.violations,
  });
  if (details.length <= detailsBytesMax) metadata.set(detailsKey, details);
  return { code: status[own.code], details: own.message, metadata };
}

/** The error of a failed call, as a client throws it. */
export function rpcErrorOf(error: ServiceError): RpcError {
  const code = (status[error.code] ?? 'UNKNOWN') as RpcCode;
  const [bytes] = error.metadata?.get(detailsKey) ?? [];
  const details = Buffer.isBuffer(bytes) ? decodeStatusDetails(bytes) : undefined;
  return new RpcError({
    code,
    message: error.details || error.message,
    reason: details?.reason || code,
    violations: details?.violations ?? [],
    metadata: details?.metadata ?? {},
    cause: error,
    received: true,
  });
}

function stranger(error: unknown): RpcError {
  const isPeerGone =
    error instanceof RpcError && ['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code);
  return isPeerGone
    ? new RpcError({
        code: 'UNAVAILABLE',
        reason: 'DEPENDENCY_UNAVAILABLE',
        message: 'a service this call depends on could not be reached',
      })
    : new RpcError({ code: 'INTERNAL', reason: 'INTERNAL', message: 'internal error' });
}
