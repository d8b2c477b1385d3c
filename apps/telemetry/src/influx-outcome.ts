/** What InfluxDB answered to a write, or that it did not. */
export interface InfluxAnswer {
  /** HTTP status; 0 when there was none. */
  status: number;
  /** First 4 KiB of the body, or why there was no answer. */
  text: string;
  /** Seconds of a `Retry-After`. */
  retryAfterSeconds?: number | undefined;
}

/**
 * What is to be done with the lines of a request. `written`: all are in the database but `refused`
 * of them. `halve`: too large, to be sent in two parts. `refused`: dropped, counted by `reason`.
 * `away`: kept, and tried again after a while.
 */
export type WriteOutcome =
  | { verdict: 'written'; refused: number; reason: RefusalReason; why: string }
  | { verdict: 'halve' }
  | { verdict: 'refused'; reason: RefusalReason; why: string }
  | { verdict: 'away'; why: string; waitMs: number | undefined };

/** Labels of a metric, so a closed set. */
export type RefusalReason = 'partial_write' | 'too_large' | 'not_allowed' | 'not_found' | 'refused';

/** Judges an answer. Pure. @param lines of the request */
export function outcomeOf(answer: InfluxAnswer, lines: number): WriteOutcome {
  const { status, text } = answer;
  if (status >= 200 && status < 300) {
    return { verdict: 'written', refused: 0, reason: 'refused', why: '' };
  }
  const why = status === 0 ? text : `${status} ${messageIn(text)}`;
  if (status === 413 && lines > 1) return { verdict: 'halve' };
  const isAway = status === 0 || status === 408 || status === 429 || status >= 500;
  if (isAway) {
    const seconds = answer.retryAfterSeconds;
    const waitMs = seconds === undefined ? undefined : Math.min(seconds * 1000, retryAfterMsMax);
    return { verdict: 'away', why, waitMs };
  }
  const dropped = /partial write: .*dropped=(\d+)/s.exec(text)?.[1];
  if (dropped !== undefined) {
    const refused = Math.min(Number(dropped), lines);
    return { verdict: 'written', refused, reason: 'partial_write', why };
  }
  return { verdict: 'refused', reason: reasonOf(status), why };
}

/** A server that asks for more patience than this is asked again anyway, milliseconds. */
const retryAfterMsMax = 60_000;

function reasonOf(status: number): RefusalReason {
  if (status === 401 || status === 403) return 'not_allowed';
  if (status === 404) return 'not_found';
  return status === 413 ? 'too_large' : 'refused';
}

/** v1 answers `{"error"}`, v2 `{"code","message"}`, a proxy whatever it likes. */
function messageIn(text: string): string {
  try {
    const { error, message } = JSON.parse(text) as { error?: unknown; message?: unknown };
    return String(error ?? message ?? text).slice(0, messageLengthMax);
  } catch {
    return text.trim().slice(0, messageLengthMax);
  }
}

const messageLengthMax = 300;
