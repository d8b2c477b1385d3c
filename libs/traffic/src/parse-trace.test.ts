import { describe, expect, it } from 'vitest';
import { parseTrace, TraceError } from './parse-trace.ts';
import { type TraceKind, traceKinds } from './trace-kinds.ts';

function refused(kind: TraceKind, text: string): TraceError {
  try {
    parseTrace({ kind, text });
  } catch (error) {
    if (error instanceof TraceError) return error;
    throw error;
  }
  throw new Error('the trace was accepted');
}

describe('parseTrace', () => {
  it('reads requests a second', () => {
    const text = 't_s,requests\n0,52\n1,55\n';
    expect(parseTrace({ kind: 'requests-1s-twitter', text })).toEqual([
      { timeMs: 0, value: 52, fields: {} },
      { timeMs: 1000, value: 55, fields: {} },
    ]);
  });

  it('leaves the end of a day out that is stored as zeros', () => {
    const text = 't_s,requests\n84599,5\n84600,0\n';
    expect(parseTrace({ kind: 'requests-1s-twitter', text })).toHaveLength(1);
  });

  it('keeps missing values missing and averages repeated seconds', () => {
    const text = [
      traceKinds['5g-download-1s'].columns.join(','),
      '0,7,1,5G,-99,6.0,12,0,D,-',
      '1,10,1,5G,-99,6.0,12,1,D,-',
      '1,20,0,5G,-99,6.0,12,1,D,31',
      '2,-,-,LTE,-,-,-,-,-,-',
    ].join('\n');
    const rows = parseTrace({ kind: '5g-download-1s', text });
    expect(rows.map(({ timeMs, value }) => [timeMs, value])).toEqual([
      [0, 7],
      [1000, 15],
      [2000, undefined],
    ]);
    expect(rows[0]?.fields).toMatchObject({ mode: '5G', rsrp_dbm: -99, ping_ms: undefined });
    expect(rows[2]?.fields).toMatchObject({ mode: 'LTE', state: undefined, cqi: undefined });
  });

  it('sorts what a clock that was set back has put behind, but no more than that', () => {
    const row = (second: number, kbps: number) => `${second},${kbps},1,5G,-99,6.0,12,0,D,-`;
    const header = traceKinds['5g-throughput-1s'].columns.join(',');
    const read = (rows: string[]) =>
      parseTrace({ kind: '5g-throughput-1s', text: [header, ...rows].join('\n') });
    const rows = read([row(933, 2), row(934, 6), row(933, 4), row(934, 8), row(935, 1)]);
    expect(rows.map(({ timeMs, value }) => [timeMs / 1000, value])).toEqual([
      [933, 3],
      [934, 7],
      [935, 1],
    ]);
    expect(() => read([row(939, 1), row(933, 1)])).toThrow('line 3: time falls');
  });

  it('reads microseconds, milliseconds and calendar times', () => {
    const packets = parseTrace({ kind: 'packets-us-ndpi', text: 't_us,wire_bytes\n101592,68' });
    expect(packets[0]?.timeMs).toBeCloseTo(101.592, 9);
    const text = 'time,requests\n1998-04-30 21:30:00,2\n1998-04-30 21:31:00,11';
    const [first, second] = parseTrace({ kind: 'requests-1min-worldcup98', text });
    expect((second?.timeMs ?? 0) - (first?.timeMs ?? 0)).toBe(60_000);
    expect(new Date(first?.timeMs ?? 0).toISOString()).toBe('1998-04-30T21:30:00.000Z');
  });

  it.each([
    ['header', 1, 't_s,mbps\n0,1'],
    ['column-count', 2, 't_s,requests\n0,1,2'],
    ['not-a-number', 3, 't_s,requests\n0,1\n1,many'],
    ['time', 3, 't_s,requests\n5,1\n4,1'],
    ['time', 2, 't_s,requests\n-,1'],
    ['not-a-number', 2, 't_s,requests\n0,Infinity'],
    ['negative', 3, 't_s,requests\n0,1\n1,-1'],
    ['empty', 2, 't_s,requests\n\n'],
    ['header', 1, ''],
    // The file was cut short within a line.
    ['column-count', 4, 't_s,requests\n0,1\n1,1\n2'],
  ] as const)('refuses a trace with the code %s and the line %i', (code, line, text) => {
    const error = refused('requests-1s-autothrottle', text);
    expect(error).toMatchObject({ code, line });
    expect(error.message).toMatch(new RegExp(`^line ${line}: `));
  });
});
