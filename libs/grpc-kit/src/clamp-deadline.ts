import type { Server } from '@grpc/grpc-js';

const unitMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000_001,
};

/** A `grpc-timeout` header cut to `deadlineMsMax`; one that is not understood is left alone. */
export function clampTimeout(header: string, deadlineMsMax: number): string {
  const [, digits, unit] = /^(\d{1,8})\s*([HMSmun])$/.exec(header) ?? [];
  if (digits === undefined || unit === undefined) return header;
  const ms = Number(digits) * (unitMs[unit] ?? 1);
  // A header has at most eight digits, so above 27 hours only whole seconds fit.
  if (ms <= deadlineMsMax) return header;
  return deadlineMsMax < 1e8 ? `${Math.floor(deadlineMsMax)}m` : `${deadlineMsMax / 1_000}S`;
}

type StreamHandler = (
  extra: unknown,
  stream: unknown,
  headers: Record<string, string | string[] | undefined>,
) => void;

/**
 * Makes a server cut absurd deadlines. grpc-js reads the header in the constructor of its
 * innermost call, before any interceptor runs, and there computes it in 32 bits: `25 d` fires at
 * once. So the header is rewritten where the HTTP/2 stream arrives. That entry has no public
 * name; `startGrpcServer` switches channelz off, so that it is this one, and a test sends such a
 * deadline over the wire.
 */
export function clampDeadlines(server: Server, deadlineMsMax: number): void {
  const internals = server as unknown as { _streamHandler: StreamHandler };
  const inner = internals._streamHandler;
  internals._streamHandler = function clamped(this: Server, extra, stream, headers) {
    const timeout = headers['grpc-timeout'];
    if (typeof timeout === 'string') {
      headers['grpc-timeout'] = clampTimeout(timeout, deadlineMsMax);
    }
    inner.call(this, extra, stream, headers);
  };
}
