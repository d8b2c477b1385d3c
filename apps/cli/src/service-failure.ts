import { RpcError } from '@levitate/grpc-kit';
import { CommandError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';

/** What a failed call means for a command: no answer, a refusal, or a failure of the service. */
export function serviceFailure(
  error: unknown,
  { service, address }: { readonly service: string; readonly address: string },
): CommandError {
  if (!(error instanceof RpcError)) throw error;
  if (error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED') {
    return new CommandError({
      exitCode: exitCodes.unreachable,
      what: `${service} at ${address} does not answer (${error.message})`,
      next: `start it (levitate dev), or say where it is: --at ${service}=HOST:PORT`,
      cause: error,
    });
  }
  const isRefusal = ['INVALID_ARGUMENT', 'NOT_FOUND', 'FAILED_PRECONDITION', 'ABORTED'].includes(
    error.code,
  );
  return new CommandError({
    exitCode: isRefusal ? exitCodes.refused : exitCodes.failed,
    what: `${service}: ${error.message} (${error.reason})`,
    cause: error,
  });
}
