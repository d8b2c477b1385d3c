import { RpcError } from '@levitate/grpc-kit';

/** NOT_FOUND, `UNKNOWN_LINK`. */
export function unknownLink(link: string): RpcError {
  return new RpcError({
    code: 'NOT_FOUND',
    reason: 'UNKNOWN_LINK',
    message: `no samples of link ${JSON.stringify(link)} have come from telemetry`,
    metadata: { link },
  });
}

/** RESOURCE_EXHAUSTED, `TOO_MANY_STREAMS`. */
export function tooManyStreams(limit: number): RpcError {
  return new RpcError({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'TOO_MANY_STREAMS',
    message: `${limit} streams of forecasts are open (limits.streams_max)`,
    metadata: { limit: String(limit) },
  });
}

/** RESOURCE_EXHAUSTED, `TOO_MANY_REPLAYS`. */
export function tooManyReplays(limit: number): RpcError {
  return new RpcError({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'TOO_MANY_REPLAYS',
    message: `${limit} windows are being forecast (limits.replays_max); try again in a second`,
    metadata: { limit: String(limit) },
  });
}
