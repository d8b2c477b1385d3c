import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type RequestKind, readRequestSeries, splitRequestSeries } from '@levitate/models';
import type { PacketFile, RequestFile } from '@levitate/queueing';
import { parseTrace } from '@levitate/traffic';

/** The two sides of a kind: what is tuned on, and what is scored. */
export interface TrialFiles<File> {
  training: File[];
  test: File[];
}

const bufferKind = 'link-capacity-1ms';

/**
 * Request files of a kind, by whole files: what is learned from or chosen by elsewhere (two thirds)
 * is for training, the rest is scored; a single file is divided by time. Empty without such files.
 */
export function requestFilesOf(kind: RequestKind, dataDirectory: string): TrialFiles<RequestFile> {
  // No kind of this bench is drawn from a seed: it is for the kind of one number a minute.
  const parts = splitRequestSeries(readRequestSeries({ kind, dataDirectory, seed: 0 }));
  return { training: [...parts.training, ...parts.validation], test: parts.test };
}

/** Whether there are files for both sides. */
export function hasPacketFiles(dataDirectory: string): boolean {
  return packetFileNames(dataDirectory).length > 1;
}

/** Packets of each millisecond: every other file by name is for training, so both are mixed. */
export function packetFilesOf(dataDirectory: string): TrialFiles<PacketFile> {
  const folder = join(dataDirectory, 'traces', bufferKind);
  const files = packetFileNames(dataDirectory).map((name) => ({
    name,
    packetsPerMs: packetsOf(join(folder, name)),
  }));
  return {
    training: files.filter((_, index) => index % 2 === 0),
    test: files.filter((_, index) => index % 2 === 1),
  };
}

function packetFileNames(dataDirectory: string): string[] {
  const folder = join(dataDirectory, 'traces', bufferKind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.csv(\.gz)?$/.test(name))
    .toSorted();
}

function packetsOf(path: string): Uint32Array {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const rows = parseTrace({ kind: bufferKind, text });
  const packets = new Uint32Array((rows.at(-1)?.timeMs ?? 0) + 1);
  for (const { timeMs, value = 0 } of rows) {
    packets[timeMs] = (packets[timeMs] as number) + value;
  }
  return packets;
}
