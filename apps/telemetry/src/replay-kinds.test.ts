import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TraceKind, traceKinds } from '@levitate/traffic';
import { describe, expect, it } from 'vitest';
import { loadReplay } from './replay-source.ts';

const directory = join(process.env.LEVITATE_DATA ?? '', 'traces');
const isHere = process.env.LEVITATE_DATA !== undefined && existsSync(directory);
const absent = 'LEVITATE_DATA names no folder with traces/';

/** What each kind measures of a link, and how finely it is replayed, milliseconds. */
const kinds: Readonly<Record<TraceKind, { intervalMs: number; fields: string[] }>> = {
  'link-capacity-1ms': { intervalMs: 100, fields: ['throughput', 'packets', 'peak'] },
  'packets-us-ndpi': { intervalMs: 100, fields: ['throughput', 'packets', 'peak'] },
  'datacenter-coflow-ms': { intervalMs: 100, fields: ['throughput', 'connections', 'peak'] },
  'requests-arrivals-azure-llm': { intervalMs: 100, fields: ['connections'] },
  '5g-udp-loss-100ms': { intervalMs: 100, fields: ['throughput', 'packets'] },
  '5g-throughput-1s': { intervalMs: 1000, fields: ['throughput'] },
  '5g-download-1s': { intervalMs: 1000, fields: ['throughput'] },
  'lte-nyc-1s': { intervalMs: 1000, fields: ['throughput'] },
  'bandwidth-lumos5g-4g-1s': { intervalMs: 1000, fields: ['throughput'] },
  'bandwidth-lumos5g-5g-1s': { intervalMs: 1000, fields: ['throughput'] },
  'bandwidth-oboe-1s': { intervalMs: 1000, fields: ['throughput'] },
  'requests-1s-twitter': { intervalMs: 1000, fields: ['connections'] },
  'requests-1s-autothrottle': { intervalMs: 1000, fields: ['connections'] },
  'requests-1min-worldcup98': { intervalMs: 60_000, fields: ['connections'] },
  'genai-gateway-57s': { intervalMs: 57_000, fields: ['connections', 'p50', 'p95', 'p99'] },
};

const nameOf = {
  throughputBytesPerSecond: 'throughput',
  throughputPeakBytesPerSecond: 'peak',
  packetsPerSecond: 'packets',
  connectionsPerSecond: 'connections',
  latencyP50Seconds: 'p50',
  latencyP95Seconds: 'p95',
  latencyP99Seconds: 'p99',
} as const;

it('every kind there is can be a link', () => {
  expect(Object.keys(kinds).sort()).toEqual(Object.keys(traceKinds).sort());
});

describe('the recorded traces', () => {
  for (const [kind, expected] of Object.entries(kinds)) {
    it(`of ${kind} become links of what they measured, of their own resolution`, async (at) => {
      if (!isHere) at.skip(absent);
      const files = readdirSync(join(directory, kind)).filter((file) => file.endsWith('.csv.gz'));
      expect(files.length).toBeGreaterThan(0);
      const seen = new Set<string>();
      for (const file of files.sort().slice(0, 5)) {
        const replay = { directory, file: join(kind, file), link: 'a', speed: 1, repeat: false };
        if (file.startsWith('queue_size')) {
          await expect(loadReplay(replay)).rejects.toMatchObject({ code: 'trace-content' });
          continue;
        }
        const { series } = await loadReplay(replay);
        // Two files of datagrams are coarser than their kind's name says.
        expect([expected.intervalMs, 500]).toContain(series.intervalMs);
        const values = series.intervals.flatMap((each) => Object.entries(each ?? {}));
        const measured = values.filter(([, value]) => value !== undefined);
        expect(measured.filter(([, value]) => !(value >= 0 && value < 1e12))).toEqual([]);
        expect(measured.some(([, value]) => value > 0)).toBe(true);
        for (const [field] of measured) seen.add(nameOf[field as keyof typeof nameOf]);
      }
      expect([...seen].sort()).toEqual(expected.fields.toSorted());
    });
  }
});
