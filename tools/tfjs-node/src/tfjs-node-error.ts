/** A build of tfjs-node that cannot go on: what happened, why, and what to do next. */
export class TfjsNodeError extends Error {
  readonly code: 'PROGRAM_MISSING' | 'PLATFORM' | 'FETCH' | 'CORRUPT' | 'BUILD' | 'NOT_BUILT';
  readonly why: string;
  readonly next: string;

  constructor(parts: {
    readonly code: TfjsNodeError['code'];
    readonly what: string;
    readonly why: string;
    readonly next: string;
    readonly cause?: unknown;
  }) {
    super(parts.what, { cause: parts.cause });
    this.name = 'TfjsNodeError';
    this.code = parts.code;
    this.why = parts.why;
    this.next = parts.next;
  }

  /** Three lines for a terminal. */
  report(): string {
    return `tfjs-node: ${this.message}\n  why: ${this.why}\n  next: ${this.next}`;
  }
}
