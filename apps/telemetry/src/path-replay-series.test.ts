import { parseTrace } from '@levitate/traffic';
import { describe, expect, it } from 'vitest';
import { type PathTraceKind, pathReplaySeries } from './path-replay-series.ts';

function seriesOf(kind: PathTraceKind, text: string, intervalMs = 1000) {
  return pathReplaySeries({ kind, rows: parseTrace({ kind, text }), intervalMs }).intervals;
}

describe('a trace of a path', () => {
  it('of megabits has its bandwidth and nothing else', () => {
    const intervals = seriesOf('bandwidth-oboe-1s', 't_s,mbps\n0,8\n1,0\n2,0.8\n');
    expect(intervals.map((interval) => interval?.bandwidthBytesPerSecond)).toEqual([1e6, 0, 1e5]);
    expect(intervals.map((interval) => interval?.lossRatio)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('of a phone has its round trip where the ping was answered', () => {
    const header = 't_s,dl_kbps,ul_kbps,mode,rsrp_dbm,snr_db,cqi,speed_kmh,state,ping_ms';
    const text = [header, '0,8,1,5G,-99,6,12,0,D,-', '1,16,1,5G,-99,6,12,0,D,31', ''].join('\n');
    expect(seriesOf('5g-throughput-1s', text)).toEqual([
      { bandwidthBytesPerSecond: 1000, roundTripSeconds: undefined, lossRatio: undefined },
      { bandwidthBytesPerSecond: 2000, roundTripSeconds: 0.031, lossRatio: undefined },
    ]);
  });

  it('leaves out what was not measured, and a hole stays a hole', () => {
    const header = 't_s,dl_kbps,ul_kbps,mode,rsrp_dbm,snr_db,cqi,speed_kmh,state,ping_ms';
    const text = [header, '0,-,-,LTE,-,-,-,-,-,-', '3,8,-,LTE,-,-,-,-,-,-', ''].join('\n');
    expect(seriesOf('5g-download-1s', text)).toEqual([
      undefined,
      undefined,
      undefined,
      { bandwidthBytesPerSecond: 1000, roundTripSeconds: undefined, lossRatio: undefined },
    ]);
  });

  it('of datagrams has the loss of all that was sent, however the rows split it', () => {
    const header = 't_ms,bytes,bits_per_s,jitter_ms,lost_packets,total_packets';
    // Two intervals; in the first, reordering made a row negative.
    const rows = Array.from({ length: 20 }, (_, index) => {
      const lost = [30, -10][index] ?? 0;
      return `${index * 100},5000,400000,0.1,${lost},${index === 0 ? 150 : 50}`;
    });
    const intervals = seriesOf('5g-udp-loss-100ms', [header, ...rows, ''].join('\n'));
    expect(intervals).toEqual([
      { bandwidthBytesPerSecond: 50_000, roundTripSeconds: undefined, lossRatio: 20 / 600 },
      { bandwidthBytesPerSecond: 50_000, roundTripSeconds: undefined, lossRatio: 0 },
    ]);
  });

  it('never says that less than nothing, or more than all, was lost', () => {
    const header = 't_ms,bytes,bits_per_s,jitter_ms,lost_packets,total_packets';
    const text = [header, '0,10,0,0,-5,10', '1000,10,0,0,25,10', '2000,10,0,0,0,0', ''].join('\n');
    expect(seriesOf('5g-udp-loss-100ms', text).map((each) => each?.lossRatio)).toEqual([
      0,
      1,
      undefined,
    ]);
  });

  it('replayed faster stands for the mean of more of it', () => {
    const intervals = seriesOf('lte-nyc-1s', lteText([8, 16, 0, 24]), 2000);
    expect(intervals.map((each) => each?.bandwidthBytesPerSecond)).toEqual([1.5e6, 1.5e6]);
  });
});

function lteText(mbps: readonly number[]): string {
  const header = 't_s,mbps,lte_neighbours,enodeb_changed,rssi_dbm,rsrq_db,ta,speed,band_mhz';
  return [header, ...mbps.map((value, second) => `${second},${value},1,0,-70,-9,1,0,20`), ''].join(
    '\n',
  );
}
