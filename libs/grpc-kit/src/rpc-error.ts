import type { status } from '@grpc/grpc-js';
import type { FieldViolation } from '@levitate/contracts';

/** Canonical status names but OK. */
export type RpcCode = Exclude<keyof typeof status, 'OK'>;

/** What an `RpcError` is made of. */
export interface RpcErrorParts {
  /** Canonical status. */
  readonly code: RpcCode;
  /** For a person; crosses the wire, so nothing internal belongs in it. */
  readonly message: string;
  /** Stable UPPER_SNAKE_CASE reason (`google.rpc.ErrorInfo`); default: the code. */
  readonly reason?: string;
  /** Faults of the request (`google.rpc.BadRequest`). */
  readonly violations?: readonly FieldViolation[];
  /** Facts beside the reason (`ErrorInfo.metadata`): names, numbers, limits. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What it came from; stays on this side of the wire. */
  readonly cause?: unknown;
  /** True when a peer sent it; a server does not hand such an error on as its own. */
  readonly received?: boolean;
}

/**
 * The one error of RPCs. A handler throws it to answer with that status; a client throws it when
 * a call failed, whether the peer answered so or could not be reached (`UNAVAILABLE`).
 */
export class RpcError extends Error {
  readonly code: RpcCode;
  readonly reason: string;
  readonly violations: readonly FieldViolation[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly received: boolean;

  constructor(parts: RpcErrorParts) {
    super(parts.message, { cause: parts.cause });
    this.name = 'RpcError';
    this.code = parts.code;
    this.reason = parts.reason ?? parts.code;
    this.violations = parts.violations ?? [];
    this.metadata = parts.metadata ?? {};
    this.received = parts.received ?? false;
  }

  /** The refusal of a request with faults. */
  static invalidArgument(violations: readonly FieldViolation[]): RpcError {
    const [first] = violations;
    const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
    return new RpcError({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_REQUEST',
      message: first ? `${first.field} ${first.description}${more}` : 'the request is not valid',
      violations,
    });
  }
}
