import { parseCalendarTime } from './calendar-time.ts';
import { type TraceKind, type TraceLayout, traceKinds } from './trace-kinds.ts';

/** One row of a trace. */
export interface TraceRow {
  /** Milliseconds from the start of the trace's own clock. */
  timeMs: number;
  /** The quantity the kind is about, in the unit of its column; missing is `undefined`. */
  value: number | undefined;
  /** Every other column by name; missing is `undefined`. */
  fields: Readonly<Record<string, number | string | undefined>>;
}

/** Why a trace was refused. */
export type TraceErrorCode =
  | 'header'
  | 'column-count'
  | 'not-a-number'
  | 'negative'
  | 'time'
  | 'too-long'
  | 'empty';

/** A trace that is not of the kind it was said to be. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  readonly code: TraceErrorCode;
  /** Counted from 1, the header included. */
  readonly line: number;
  /** The message without the line. */
  readonly problem: string;

  constructor(code: TraceErrorCode, line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.code = code;
    this.line = line;
    this.problem = problem;
  }
}

/** Most rows of one trace; the longest known file has 86,400, packet captures more. */
const ROWS_MAX = 5_000_000;
/** What the sources write for a value that was not measured. */
const MISSING = new Set(['', '-']);

/**
 * Read a trace from its text (already unpacked): CSV with a header line, `-` or nothing for a
 * missing value. Times must not fall, but for as much as the kind is known for; repeated times are
 * averaged where the kind does repeat them. The kind's own quantity is never negative.
 * @throws TraceError with the line, at the first that does not fit
 */
export function parseTrace({ kind, text }: { kind: TraceKind; text: string }): TraceRow[] {
  const layout: TraceLayout = traceKinds[kind];
  const rows: TraceRow[] = [];
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const { line, number } of linesOf(text)) {
    if (number === 1) {
      checkHeader(kind, line);
      continue;
    }
    if (line === '') continue;
    const row = parseRow(layout, line, number);
    if (row.timeMs < newestMs - (layout.disorderMs ?? 0)) {
      throw new TraceError('time', number, `time falls: ${row.timeMs} ms after ${newestMs} ms`);
    }
    newestMs = Math.max(newestMs, row.timeMs);
    if (layout.endMs !== undefined && row.timeMs >= layout.endMs) break;
    if (rows.length === ROWS_MAX) {
      throw new TraceError('too-long', number, `a trace has at most ${ROWS_MAX} rows`);
    }
    rows.push(row);
  }
  if (rows.length === 0) throw new TraceError('empty', 2, 'no rows after the header');
  if (layout.disorderMs !== undefined) rows.sort((one, other) => one.timeMs - other.timeMs);
  return layout.averageRepeats ? averageRepeats(rows) : rows;
}

/** One by one: all at once would double what a long trace takes. */
function* linesOf(text: string): Generator<{ line: string; number: number }> {
  let number = 1;
  for (let start = 0; start <= text.length; number++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    yield { line: text.slice(start, end).trim(), number };
    start = end + 1;
  }
}

function checkHeader(kind: TraceKind, header: string): void {
  const expected = traceKinds[kind].columns.join(',');
  if (header === expected) return;
  const found = header.slice(0, 200);
  throw new TraceError('header', 1, `${kind} starts with "${expected}", not "${found}"`);
}

function parseRow(layout: TraceLayout, line: string, number: number): TraceRow {
  const cells = line.split(',');
  if (cells.length !== layout.columns.length) {
    const counts = `${layout.columns.length} columns expected, ${cells.length} found`;
    throw new TraceError('column-count', number, counts);
  }
  const fields: Record<string, number | string | undefined> = {};
  let timeMs = Number.NaN;
  let value: number | undefined;
  layout.columns.forEach((column, index) => {
    const cell = (cells[index] as string).trim();
    if (column === layout.time.column) timeMs = parseTime(cell, layout.time.unitMs, number);
    else if (column === layout.value) value = parseNumber(cell, column, number);
    else if (layout.text?.includes(column)) fields[column] = MISSING.has(cell) ? undefined : cell;
    else fields[column] = parseNumber(cell, column, number);
  });
  if (value !== undefined && value < 0) {
    throw new TraceError('negative', number, `${layout.value} is negative: ${value}`);
  }
  return { timeMs, value, fields };
}

function parseNumber(cell: string, column: string, line: number): number | undefined {
  if (MISSING.has(cell)) return undefined;
  const value = Number(cell);
  if (Number.isFinite(value)) return value;
  throw new TraceError('not-a-number', line, `${column} is no number: "${cell.slice(0, 40)}"`);
}

function parseTime(cell: string, unitMs: number | 'calendar', line: number): number {
  const number = MISSING.has(cell) ? Number.NaN : Number(cell);
  const timeMs = unitMs === 'calendar' ? parseCalendarTime(cell) : number * unitMs;
  if (timeMs !== undefined && Number.isFinite(timeMs)) return timeMs;
  throw new TraceError('time', line, `no time: "${cell.slice(0, 40)}"`);
}

/** One row per time: the mean of the measured values, and the fields of the first. */
function averageRepeats(rows: readonly TraceRow[]): TraceRow[] {
  const averaged: TraceRow[] = [];
  for (let start = 0; start < rows.length; ) {
    const first = rows[start] as TraceRow;
    let end = start;
    while (rows[end]?.timeMs === first.timeMs) end++;
    const values = rows.slice(start, end).flatMap((row) => row.value ?? []);
    const sum = values.reduce((total, value) => total + value, 0);
    averaged.push({ ...first, value: values.length > 0 ? sum / values.length : undefined });
    start = end;
  }
  return averaged;
}
