import { createHash } from 'node:crypto';

/** One action, as whoever did it tells it. Texts are cut at their bound, never refused. */
export interface AuditEntry {
  /** Wall time of the action, milliseconds since 1970. */
  readonly timeUnixMs: number;
  /** Who: a service by its name, or the identity of whoever called. */
  readonly actor: string;
  /** What was done, one word of the caller's closed set: `resize`, `restore`, `set-mode`. */
  readonly action: string;
  /** To what; empty where the action is about everything. */
  readonly target: string;
  /** Why: reasons in the words of the decision, or the operator's. */
  readonly cause: string;
  /** The forecast it rested on, in a line; left out where it rested on none. */
  readonly forecast?: string | undefined;
  /** What stood before, and what was to stand after: a size in the target's unit, or a word. */
  readonly before?: AuditValue | undefined;
  readonly after?: AuditValue | undefined;
  /** How it ended: `applied`, or what failed. */
  readonly outcome: string;
}

/** A size, or a word for what is no number. */
export type AuditValue = number | string;

/** A place in the chain: a record's number and its hash. */
export interface ChainPoint {
  /** Counts from 1; 0 is the place before the first record. */
  readonly sequence: number;
  /** SHA-256 of the record, 64 hexadecimal digits in lower case. */
  readonly hash: string;
}

/** An entry in its place in the chain. */
export interface AuditRecord extends AuditEntry, ChainPoint {
  /** Hash of the record before this one. */
  readonly previous: string;
}

/** Where every chain begins. */
export const chainStart: ChainPoint = { sequence: 0, hash: '0'.repeat(64) };

/** Longest texts, characters. */
const textMax = { actor: 256, action: 64, target: 128, cause: 1_024, forecast: 512, outcome: 512 };
const valueTextMax = 256;

/** What stands between the hashed bytes and their hash. */
const hashKey = ',"hash":"';
const lineEnd = '"}';
const hashDigits = 64;
/** Bytes of a line after those that are hashed. */
const sealBytes = hashKey.length + hashDigits + lineEnd.length;

/**
 * The line of an entry that follows `previous`, without its newline, and its place. The canonical
 * form that is hashed is the line itself up to its hash: keys in a fixed order, no spaces, as
 * `JSON.stringify` writes them, so that a reader checks bytes and need not agree with us on how a
 * number is written.
 */
export function sealLine(entry: AuditEntry, previous: ChainPoint): ChainPoint & { line: string } {
  const sequence = previous.sequence + 1;
  const body = JSON.stringify({
    sequence,
    timeUnixMs: Math.round(entry.timeUnixMs),
    actor: cut(entry.actor, textMax.actor),
    action: cut(entry.action, textMax.action),
    target: cut(entry.target, textMax.target),
    cause: cut(entry.cause, textMax.cause),
    forecast: entry.forecast === undefined ? undefined : cut(entry.forecast, textMax.forecast),
    before: jsonValue(entry.before),
    after: jsonValue(entry.after),
    outcome: cut(entry.outcome, textMax.outcome),
    previous: previous.hash,
  }).slice(0, -1);
  const hash = sha256(body);
  return { sequence, hash, line: `${body}${hashKey}${hash}${lineEnd}` };
}

/**
 * The record of a line, its bytes checked against its own hash.
 * @returns `undefined` where they do not fit, or it is no such line
 */
export function openLine(line: Uint8Array): AuditRecord | undefined {
  if (line.length <= sealBytes) return undefined;
  const body = line.subarray(0, line.length - sealBytes);
  const hash = sha256(body);
  const seal = Buffer.from(line.buffer, line.byteOffset + body.length, sealBytes).toString(
    'latin1',
  );
  if (seal !== `${hashKey}${hash}${lineEnd}`) return undefined;
  return recordOf(Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8'));
}

/** Anybody can compute a hash: what it covers may still not be a record. */
function recordOf(text: string): AuditRecord | undefined {
  let record: AuditRecord;
  try {
    record = JSON.parse(text);
  } catch {
    return undefined;
  }
  const texts = [record.actor, record.action, record.target, record.cause, record.outcome];
  const isWhole =
    Number.isSafeInteger(record.sequence) &&
    record.sequence > 0 &&
    Number.isFinite(record.timeUnixMs) &&
    isHash(record.previous) &&
    texts.every((each) => typeof each === 'string') &&
    [record.before, record.after].every(isValue) &&
    (record.forecast === undefined || typeof record.forecast === 'string');
  return isWhole ? record : undefined;
}

/** @returns whether a value is a SHA-256 as this chain writes it */
export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isValue(value: unknown): boolean {
  return value === undefined || typeof value === 'number' || typeof value === 'string';
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function jsonValue(value: AuditValue | undefined): AuditValue | undefined {
  if (typeof value === 'string') return cut(value, valueTextMax);
  // JSON has no word for these; as null they would be lost.
  return value === undefined || Number.isFinite(value) ? value : String(value);
}

/** A text within its bound, marked where something was cut off. */
function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1)}…`;
}
