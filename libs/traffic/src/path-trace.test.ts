import { expect, it } from 'vitest';
import { parseTrace } from './parse-trace.ts';
import { type PathTraceKind, pathTrace } from './path-trace.ts';
import { traceKinds } from './trace-kinds.ts';

function traceOf(kind: PathTraceKind, rows: string[], intervalMs?: number) {
  const text = [traceKinds[kind].columns.join(','), ...rows].join('\n');
  return pathTrace({ kind, rows: parseTrace({ kind, text }), intervalMs: intervalMs ?? 1000 });
}

it('megabits and kilobits become bytes, a hole stays a hole', () => {
  const { intervalMs, intervals } = traceOf('bandwidth-oboe-1s', ['0,8', '1,-', '3,4']);
  expect(intervalMs).toBe(1000);
  expect(intervals).toEqual([
    { bandwidthBytesPerSecond: 1_000_000 },
    undefined,
    undefined,
    { bandwidthBytesPerSecond: 500_000 },
  ]);
  const radio = traceOf('5g-download-1s', ['0,80,1,5G,-99,6.0,12,0,D,25', '1,-,1,5G,-,-,-,-,D,30']);
  expect(radio.intervals).toEqual([
    { bandwidthBytesPerSecond: 10_000, roundTripSeconds: 0.025 },
    { roundTripSeconds: 0.03 },
  ]);
});

it('losses of an interval are those of all its datagrams, late ones taken back', () => {
  const rows = ['0,500,0,0,-3,10', '100,500,0,0,5,10', '200,0,0,0,0,0', '300,100,0,0,9,8'];
  const at = (intervalMs: number) => traceOf('5g-udp-loss-100ms', rows, intervalMs).intervals;
  expect(at(100)).toEqual([
    { bandwidthBytesPerSecond: 5000, lossRatio: 0 },
    { bandwidthBytesPerSecond: 5000, lossRatio: 0.5 },
    { bandwidthBytesPerSecond: 0 },
    { bandwidthBytesPerSecond: 1000, lossRatio: 1 },
  ]);
  expect(at(200)[0]).toEqual({ bandwidthBytesPerSecond: 5000, lossRatio: 0.1 });
});

it('an interval shorter than the resolution is not made up', () => {
  const { intervalMs, intervals } = traceOf('lte-nyc-1s', ['0,1,9,0,102,13,3,7,2100'], 100);
  expect(intervalMs).toBe(1000);
  expect(intervals).toEqual([{ bandwidthBytesPerSecond: 125_000 }]);
});
