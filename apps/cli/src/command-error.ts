/** A command that cannot go on: the exit code, what happened, and what to do next. */
export class CommandError extends Error {
  readonly exitCode: number;
  readonly next: string | undefined;

  constructor(parts: {
    readonly exitCode: number;
    readonly what: string;
    readonly next?: string;
    readonly cause?: unknown;
  }) {
    super(parts.what, { cause: parts.cause });
    this.name = 'CommandError';
    this.exitCode = parts.exitCode;
    this.next = parts.next;
  }
}
