import type { CallContext } from './call-context.ts';

/** Of one outgoing call. */
export interface CallOptions {
  /** Cancels the call; it then fails with `CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
  /** Time the call may take. Default: the client's for unary calls, none for streams. */
  readonly deadlineMs?: number | undefined;
  /** The incoming call this one serves: its deadline and its cancelling are passed on. */
  readonly parent?: CallContext | undefined;
}
