import { RpcError } from '@levitate/grpc-kit';
import { CommandError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';

const refusals = ['INVALID_ARGUMENT', 'NOT_FOUND', 'FAILED_PRECONDITION', 'ABORTED'];

/** What a failed call means for a command: no answer, a refusal, or a failure of the service. */
export function serviceFailure(
  error: unknown,
  { service, address }: { readonly service: string; readonly address: string },
): CommandError {
  if (!(error instanceof RpcError)) throw error;
  if (isUnreachable(error)) {
    return new CommandError({
      exitCode: exitCodes.unreachable,
      what: `${service} at ${address} does not answer: ${shortReason(error)}`,
      next: `start it (levitate dev), or say where it is: --at ${service}=HOST:PORT`,
      cause: error,
    });
  }
  return new CommandError({
    exitCode: refusals.includes(error.code) ? exitCodes.refused : exitCodes.failed,
    what: `${service}: ${error.message} (${error.reason})`,
    cause: error,
  });
}

/** gRPC wraps the reason of a failed connection in its own history; the innermost one counts. */
export function shortReason(error: Error): string {
  const inner = /(?:Error: )([^:]*?\b(?:connect|getaddrinfo|read)\b[^.]*(?:\.\d[^.\s]*)*)/.exec(
    error.message,
  );
  return inner?.[1]?.trim() ?? error.message;
}

function isUnreachable({ code }: RpcError): boolean {
  return code === 'UNAVAILABLE' || code === 'DEADLINE_EXCEEDED';
}
