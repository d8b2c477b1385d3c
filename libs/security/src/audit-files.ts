import { type ChainPoint, isHash } from './audit-record.ts';

/** Where a chain is read from: a `StateDirectory`, or a folder that is only read. */
export interface AuditSource {
  names(): Promise<string[]>;
  read(name: string): Promise<Buffer | undefined>;
}

/** The file that says where the chain begins and how far it had come. */
export const headFile = 'audit-head.json';

/** What the head file holds. */
export interface AuditHead {
  /** The place before the oldest record that is kept. */
  readonly anchor: ChainPoint;
  /** The newest record. */
  readonly head: ChainPoint;
}

/** Name of the segment that begins with a record. */
export function segmentName(firstSequence: number): string {
  return `audit-${String(firstSequence).padStart(digits, '0')}.jsonl`;
}

/** Name of the file that keeps what a crash left unfinished where a record was to stand. */
export function tornName(sequence: number): string {
  return `audit-torn-${String(sequence).padStart(digits, '0')}.bin`;
}

/** Number of the record a segment begins with, by its name; `undefined`: not a segment. */
export function firstOfSegment(name: string): number | undefined {
  return numberIn(name, /^audit-(\d{12,16})\.jsonl$/);
}

/** Number of the record that a torn line was set aside for; `undefined`: not such a file. */
export function sequenceOfTorn(name: string): number | undefined {
  return numberIn(name, /^audit-torn-(\d{12,16})\.bin$/);
}

/**
 * The segments of a chain among the names of its folder, oldest first. Those that end before the
 * anchor are left out: they were given up, and a crash came before they were deleted.
 */
export function segmentsOf(names: readonly string[], anchor: ChainPoint | undefined): string[] {
  const segments = names
    .flatMap((name) => {
      const first = firstOfSegment(name);
      return first === undefined ? [] : [{ name, first }];
    })
    .sort((one, other) => one.first - other.first);
  const start = segments.findIndex((_, index) => {
    const next = segments[index + 1];
    return next === undefined || anchor === undefined || next.first > anchor.sequence + 1;
  });
  return segments.slice(Math.max(0, start)).map(({ name }) => name);
}

/** The head file's text. */
export function headText({ anchor, head }: AuditHead): string {
  const point = ({ sequence, hash }: ChainPoint) => ({ sequence, hash });
  return `${JSON.stringify({ version: 1, anchor: point(anchor), head: point(head) })}\n`;
}

/** What a head file says; `undefined` where it is not, byte for byte, what the log writes. */
export function readHead(bytes: Buffer): AuditHead | undefined {
  const text = bytes.toString('utf8');
  let parsed: Partial<AuditHead>;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { anchor, head } = parsed ?? {};
  if (!isPoint(anchor) || !isPoint(head)) return undefined;
  return headText({ anchor, head }) === text ? { anchor, head } : undefined;
}

/** Digits of a record's number in a file name, so that names sort as numbers do. */
const digits = 12;

function numberIn(name: string, form: RegExp): number | undefined {
  const number = Number(form.exec(name)?.[1] ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}

function isPoint(value: unknown): value is ChainPoint {
  const { sequence, hash } = (value ?? {}) as Partial<ChainPoint>;
  return Number.isSafeInteger(sequence) && (sequence ?? -1) >= 0 && isHash(hash);
}
