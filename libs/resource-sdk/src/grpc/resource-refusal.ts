import { type LeaseClaim, type LeaseRefusal, refusalWords } from '@levitate/control';
import { type RpcCode, RpcError } from '@levitate/grpc-kit';

/** Everything a server of resources refuses with; the stable reason of its RPC errors. */
export type ResourceRefusalCode =
  | 'RESOURCE_UNKNOWN'
  | 'LEASE_STALE_TOKEN'
  | 'LEASE_TOKEN_OF_ANOTHER_HOLDER'
  | 'LEASE_NOT_HELD'
  | 'SIZE_OUT_OF_BOUNDS'
  | 'STATE_NOT_DURABLE'
  | 'RECORD_UNREADABLE'
  | 'RESOURCE_FAILED'
  | 'STOPPING';

/** What a refusal is made of. */
export interface ResourceRefusalParts {
  code: ResourceRefusalCode;
  /** What, why and the next step; it crosses the wire. */
  message: string;
  /** Numbers and names for programs. */
  metadata?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** The server does not do what was asked. */
export class ResourceRefusal extends Error {
  readonly code: ResourceRefusalCode;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(parts: ResourceRefusalParts) {
    super(parts.message, { cause: parts.cause });
    this.name = 'ResourceRefusal';
    this.code = parts.code;
    this.metadata = parts.metadata ?? {};
  }

  /** A claim that the lease of a resource does not accept. */
  static ofLease(
    name: string,
    claim: LeaseClaim,
    refusal: { reason: LeaseRefusal; highestToken: number },
  ): ResourceRefusal {
    return new ResourceRefusal({
      code: leaseCodes[refusal.reason],
      message: refusalWords(name, claim, refusal),
      metadata: { highest_token: `${refusal.highestToken}` },
    });
  }

  /** Whatever a resource threw. */
  static ofResource(name: string, doing: string, cause: unknown): ResourceRefusal {
    if (cause instanceof ResourceRefusal) return cause;
    const message = `${name} cannot be ${doing}: ${wordsOf(cause)}`;
    return new ResourceRefusal({ code: 'RESOURCE_FAILED', message, cause });
  }
}

/** The one translation to gRPC status. Errors that are no refusals stay what they are. */
export function toRpcError(error: unknown): unknown {
  if (!(error instanceof ResourceRefusal)) return error;
  const { code, message, metadata, cause } = error;
  const violations = code === 'SIZE_OUT_OF_BOUNDS' ? [{ field: 'size', description: message }] : [];
  return new RpcError({ code: statusOf(code), reason: code, message, metadata, violations, cause });
}

/** What is told of an error, for people. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const leaseCodes: Readonly<Record<LeaseRefusal, ResourceRefusalCode>> = {
  'stale-token': 'LEASE_STALE_TOKEN',
  'token-of-another-holder': 'LEASE_TOKEN_OF_ANOTHER_HOLDER',
  'not-held': 'LEASE_NOT_HELD',
  'bad-claim': 'LEASE_NOT_HELD',
};

function statusOf(code: ResourceRefusalCode): RpcCode {
  switch (code) {
    case 'RESOURCE_UNKNOWN':
      return 'NOT_FOUND';
    case 'SIZE_OUT_OF_BOUNDS':
      return 'INVALID_ARGUMENT';
    case 'STOPPING':
      return 'UNAVAILABLE';
    default:
      return 'FAILED_PRECONDITION';
  }
}
