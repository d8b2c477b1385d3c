import { CommandError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';

/** What a full disk and the like mean for a command. */
export function outputFailure(cause: Error): CommandError {
  return new CommandError({
    exitCode: exitCodes.failed,
    what: `the output cannot be written: ${cause.message}`,
    next: 'make room, or write elsewhere',
    cause,
  });
}
