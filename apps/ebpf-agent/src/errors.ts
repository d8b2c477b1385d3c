import { type RpcCode, RpcError } from '@levitate/grpc-kit';
import { KernelError } from '@levitate/kernel';

/** Everything the agent refuses with; the stable reason of its RPC errors. */
export type AgentErrorCode =
  | 'LINK_UNKNOWN'
  | 'LINK_GONE'
  | 'NOT_CONTROLLABLE'
  | 'LEASE_STALE_TOKEN'
  | 'LEASE_TOKEN_OF_ANOTHER_HOLDER'
  | 'LEASE_NOT_HELD'
  | 'LIMIT_OUT_OF_BOUNDS'
  | 'STATE_NOT_DURABLE'
  | 'ORIGINALS_UNREADABLE'
  | 'QUEUE_CHANGED'
  | 'KERNEL_REFUSED'
  | 'HOST_LOCKED'
  | 'STOPPING';

/** What a refusal is made of. */
export interface AgentErrorParts {
  code: AgentErrorCode;
  /** What, why and the next step; it crosses the wire. */
  message: string;
  /** Numbers and names for programs. */
  metadata?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** The agent does not do what was asked. */
export class AgentError extends Error {
  readonly code: AgentErrorCode;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(parts: AgentErrorParts) {
    super(parts.message, { cause: parts.cause });
    this.name = 'AgentError';
    this.code = parts.code;
    this.metadata = parts.metadata ?? {};
  }

  /** A refusal of the kernel in the agent's words. */
  static fromKernel(error: KernelError): AgentError {
    return new AgentError({ code: codeOf(error), message: error.message, cause: error });
  }
}

/** The one translation to gRPC status. Errors that are not the agent's stay what they are. */
export function toRpcError(error: unknown): unknown {
  const known = error instanceof KernelError ? AgentError.fromKernel(error) : error;
  if (!(known instanceof AgentError)) return error;
  const { code, message, metadata, cause } = known;
  const violations =
    code === 'LIMIT_OUT_OF_BOUNDS' ? [{ field: 'limit_bytes', description: message }] : [];
  return new RpcError({ code: statusOf(code), reason: code, message, metadata, violations, cause });
}

function codeOf(error: KernelError): AgentErrorCode {
  switch (error.code) {
    case 'not-found':
      return 'LINK_GONE';
    case 'changed-underneath':
    case 'verification-failed':
      return 'QUEUE_CHANGED';
    case 'not-controllable':
      return 'NOT_CONTROLLABLE';
    case 'out-of-range':
      return 'LIMIT_OUT_OF_BOUNDS';
    default:
      return 'KERNEL_REFUSED';
  }
}

function statusOf(code: AgentErrorCode): RpcCode {
  switch (code) {
    case 'LINK_UNKNOWN':
      return 'NOT_FOUND';
    case 'LIMIT_OUT_OF_BOUNDS':
      return 'INVALID_ARGUMENT';
    case 'QUEUE_CHANGED':
      return 'ABORTED';
    case 'STOPPING':
      return 'UNAVAILABLE';
    default:
      return 'FAILED_PRECONDITION';
  }
}
