import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { readBandwidthTraces } from './read-bandwidth-traces.ts';

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-bandwidth-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), path.endsWith('.gz') ? gzipSync(text) : text);
  }
  return folder;
}

it('reads packed and plain files, averages repeated seconds and marks holes', () => {
  const radio = 't_s,dl_kbps,ul_kbps,mode,rsrp_dbm,snr_db,cqi,speed_kmh,state,ping_ms';
  const dataDirectory = folderWith({
    'traces/bandwidth-lumos5g-4g-1s/b.csv.gz': 't_s,mbps\n0,8\n1,16\n3,24\n',
    'traces/bandwidth-lumos5g-4g-1s/README.txt': 'not a trace',
    'traces/5g-download-1s/a.csv': [
      radio,
      '0,8,1,5G,-99,6.0,12,0,D,20',
      '0,24,1,5G,-99,6.0,12,0,D,20',
      '1,40,1,5G,-99,6.0,12,0,D,-',
    ].join('\n'),
  });
  const [first, second, ...rest] = readBandwidthTraces({ dataDirectory });
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ set: '4g', file: 'b.csv.gz' });
  expect(first?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect([...(first?.series.bandwidthBytesPerSecond ?? [])]).toEqual([1e6, 2e6, Number.NaN, 3e6]);
  expect(second?.set).toBe('ucc');
  expect([...(second?.series.bandwidthBytesPerSecond ?? [])]).toEqual([2000, 5000]);
  expect([...(second?.series.roundTripSeconds ?? [])]).toEqual([0.02, Number.NaN]);
});

it('takes some files evenly over a set, and nothing from a folder that is not there', () => {
  const names = Array.from({ length: 10 }, (_, index) => `${index}.csv`);
  const dataDirectory = folderWith(
    Object.fromEntries(
      names.map((name) => [`traces/bandwidth-oboe-1s/${name}`, 't_s,mbps\n0,1\n1,2\n']),
    ),
  );
  const files = readBandwidthTraces({ dataDirectory, filesMax: 3 }).map(({ file }) => file);
  expect(files).toEqual(['0.csv', '4.csv', '7.csv']);
  expect(readBandwidthTraces({ dataDirectory, sets: ['5g'] })).toEqual([]);
});
