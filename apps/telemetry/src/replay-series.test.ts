import { parseTrace, type TraceKind } from '@levitate/traffic';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replaySeries } from './replay-series.ts';

function seriesOf(kind: TraceKind, lines: string[], intervalMs = 100, path = 'a.csv') {
  const rows = parseTrace({ kind, text: lines.join('\n') });
  return replaySeries({ kind, path, rows, intervalMs });
}

it('packets of a millisecond trace are summed per interval, with the peak of 10 ms', () => {
  const lines = ['t_ms,packets_1500B', '831,1', '832,3', '990,2', '1200,1'];
  const { intervalMs, intervals } = seriesOf('link-capacity-1ms', lines);
  expect(intervalMs).toBe(100);
  expect(intervals).toHaveLength(4);
  expect(intervals[0]).toMatchObject({
    throughputBytesPerSecond: 60_000,
    packetsPerSecond: 40,
    throughputPeakBytesPerSecond: 600_000,
  });
  expect(intervals[1]).toMatchObject({ packetsPerSecond: 20 });
  expect(intervals[2]).toMatchObject({ packetsPerSecond: 0, throughputBytesPerSecond: 0 });
});

it('a trace of seconds keeps its resolution and its holes', () => {
  const { intervalMs, intervals } = seriesOf('bandwidth-oboe-1s', [
    't_s,mbps',
    '0,8',
    '1,-',
    '3,4',
  ]);
  expect(intervalMs).toBe(1000);
  expect(intervals.map((each) => each?.throughputBytesPerSecond)).toEqual([
    1_000_000,
    undefined,
    undefined,
    500_000,
  ]);
});

it('at a higher speed an interval is the mean of what it covers', () => {
  const lines = ['t_s,mbps', '0,8', '1,16', '2,8', '3,-'];
  const { intervalMs, intervals } = seriesOf('bandwidth-oboe-1s', lines, 2000);
  expect(intervalMs).toBe(2000);
  expect(intervals.map((each) => each?.throughputBytesPerSecond)).toEqual([1_500_000, 1_000_000]);
});

it('requests are connections and say nothing of bytes', () => {
  const { intervals } = seriesOf('requests-1s-autothrottle', ['t_s,requests', '0,120']);
  expect(intervals).toEqual([{ connectionsPerSecond: 120 }]);
});

it('the interval of a trace of datagrams is what its rows have', () => {
  const header = 't_ms,bytes,bits_per_s,jitter_ms,lost_packets,total_packets';
  const lines = [header, '0,5000,0,0,-3,10', '500,2500,0,0,0,-'];
  const { intervalMs, intervals } = seriesOf('5g-udp-loss-100ms', lines);
  expect(intervalMs).toBe(500);
  expect(intervals[0]).toMatchObject({ throughputBytesPerSecond: 10_000, packetsPerSecond: 20 });
  expect(intervals[1]?.packetsPerSecond).toBeUndefined();
});

it('whatever the interval, no byte is lost or invented', () => {
  const arrivals = fc.array(fc.tuple(fc.nat(50), fc.nat(9)), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 700 }), (steps, intervalMs) => {
      let timeMs = 0;
      const rows = steps.map(([afterMs, value]) => {
        timeMs += afterMs;
        return { timeMs, value, fields: {} };
      });
      const { intervals } = replaySeries({
        kind: 'link-capacity-1ms',
        path: 'a.csv',
        rows,
        intervalMs,
      });
      const bytes = intervals.reduce(
        (sum, each) => sum + ((each?.throughputBytesPerSecond ?? 0) * intervalMs) / 1000,
        0,
      );
      expect(bytes).toBeCloseTo(1500 * steps.reduce((sum, [, value]) => sum + value, 0), 3);
    }),
  );
});

it('a trace that would make too many intervals is refused', () => {
  const rows = [0, 1e12].map((timeMs) => ({ timeMs, value: 1, fields: {} }));
  const cut = () =>
    replaySeries({ kind: 'link-capacity-1ms', path: 'a.csv', rows, intervalMs: 100 });
  expect(cut).toThrow(RangeError);
});

const gateway = 't_s,value,container,type';

it('requests of a gateway are those at its front, or those of all containers', () => {
  const lines = [gateway, '0,3,,API', '0,1,a,Gen', '0,1.5,b,Gen', '57,5,,API'];
  const rates = (text: string[]) =>
    seriesOf('genai-gateway-57s', text, 100, '/traces/genai-gateway-57s/qps.csv').intervals;
  expect(rates(lines)).toEqual([{ connectionsPerSecond: 3 }, { connectionsPerSecond: 5 }]);
  const behind = lines.filter((line) => !line.endsWith('API'));
  expect(rates(behind)).toEqual([{ connectionsPerSecond: 2.5 }]);
});

it('delays of a gateway are quantiles over its containers, in seconds', () => {
  const rows = Array.from({ length: 100 }, (_, index) => `0,${index + 1},c${index},`);
  const { intervals } = seriesOf('genai-gateway-57s', [gateway, ...rows], 100, 'queue_rt.csv');
  expect(intervals).toEqual([
    { latencyP50Seconds: 0.05, latencyP95Seconds: 0.095, latencyP99Seconds: 0.099 },
  ]);
});

it('a quantity that no link has is refused', () => {
  const cut = () => seriesOf('genai-gateway-57s', [gateway, '0,1,,'], 100, 'queue_size.csv');
  expect(cut).toThrow(RangeError);
});

it('a shuffle takes as long as its ports need, and nothing of it is lost', () => {
  const lines = ['t_ms,senders,receivers,total_MB', '0,2,5,50', '150,1,1,0'];
  const { intervals } = seriesOf('datacenter-coflow-ms', lines);
  // 50 MB over two ports of 1 Gbit/s: 200 ms at 250 MB/s.
  expect(intervals).toHaveLength(3);
  expect(intervals.map((each) => each?.throughputBytesPerSecond)).toEqual([250e6, 250e6, 0]);
  expect(intervals.map((each) => each?.throughputPeakBytesPerSecond)).toEqual([250e6, 250e6, 0]);
  expect(intervals.map((each) => each?.connectionsPerSecond)).toEqual([10, 10, 0]);
});
