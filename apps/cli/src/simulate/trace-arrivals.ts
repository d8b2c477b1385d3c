import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseTrace, TraceError } from '@levitate/traffic';
import { type CaptureRow, readCapture } from '../capture/capture-file.ts';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** Arrivals of one queue, as a simulation plays them. */
export interface TraceArrivals {
  /** Of the link, or of the file. */
  name: string;
  packetBytes: number;
  /** Packets of each millisecond. */
  packetsPerMs: Uint16Array;
  /** As measured; undefined where the file does not say. */
  drainBytesPerSecond: number | undefined;
  /** Limit that was in force at the start. */
  limitBytes: number | undefined;
  /** How fine the file is: within one interval arrivals are spread as far as it says. */
  resolutionMs: number;
}

/** Bytes of the packets of a capture, which tells rates and no sizes. */
const packetBytes = 1_500;
/** Longest trace that is played, milliseconds: six hours. */
const lengthMsMax = 21_600_000;
/** Longest file that is read, bytes. */
const fileBytesMax = 268_435_456;
/** Part of an interval whose highest rate a capture tells, ms. */
const peakMs = 10;
const packetsPerMsMax = 0xffff;

/**
 * Reads a capture of `levitate capture`, or a trace of packets by the millisecond (`t_ms,
 * packets_1500B`, plain or gzip).
 * @param link of a capture with several; default the first
 * @throws {CommandError} for a file that is neither
 */
export async function readArrivals(file: string, link?: string): Promise<TraceArrivals> {
  const isCapture = /\.jsonl$/.test(file);
  return isCapture ? ofCapture(file, link) : ofPackets(file);
}

async function ofCapture(file: string, link: string | undefined): Promise<TraceArrivals> {
  const rows: CaptureRow[] = [];
  let name = link;
  const header = await readCapture(file, (row) => {
    name ??= row.name;
    if (row.name === name) rows.push(row);
  });
  if (header.series !== 'link') throw refused(file, 'holds paths; links have queues');
  const [first] = rows;
  if (first === undefined) throw refused(file, `has no sample of ${name ?? 'any link'}`);
  const intervalMs = numberOf(first, 'intervalMs') ?? 100;
  if (rows.length * intervalMs > lengthMsMax) throw refused(file, 'is longer than six hours');
  const packetsPerMs = new Uint16Array(rows.length * intervalMs);
  let owed = 0;
  rows.forEach((row, index) => {
    const mean = numberOf(row, 'throughputBytesPerSecond') ?? 0;
    const peak = numberOf(row, 'throughputPeakBytesPerSecond') ?? mean;
    owed = spread({ packetsPerMs, fromMs: index * intervalMs, intervalMs, mean, peak, owed });
  });
  const drains = rows.map((row) => numberOf(row, 'drainBytesPerSecond')).filter(isNumber);
  return {
    name: name ?? '',
    packetBytes,
    packetsPerMs,
    drainBytesPerSecond: drains.at(-1),
    limitBytes: rows.map((row) => numberOf(row, 'limitBytes')).find(isNumber),
    resolutionMs: intervalMs,
  };
}

/** The highest 10 ms in the middle, the rest evenly around it. @returns bytes below a packet */
function spread(of: {
  packetsPerMs: Uint16Array;
  fromMs: number;
  intervalMs: number;
  mean: number;
  peak: number;
  owed: number;
}): number {
  const { packetsPerMs, fromMs, intervalMs, mean, peak } = of;
  const total = (mean * intervalMs) / 1_000;
  const inPeak = Math.min(total, (Math.max(peak, mean) * peakMs) / 1_000);
  const peakFromMs = Math.floor((intervalMs - peakMs) / 2);
  let { owed } = of;
  for (let ms = 0; ms < intervalMs; ms++) {
    const isPeak = ms >= peakFromMs && ms < peakFromMs + peakMs;
    owed += isPeak ? inPeak / peakMs : (total - inPeak) / (intervalMs - peakMs);
    const packets = Math.min(packetsPerMsMax, Math.floor(owed / packetBytes));
    packetsPerMs[fromMs + ms] = packets;
    owed -= packets * packetBytes;
  }
  return owed;
}

async function ofPackets(file: string): Promise<TraceArrivals> {
  const kind = 'link-capacity-1ms';
  try {
    const rows = parseTrace({ kind, text: await textOf(file) });
    const length = Math.floor(rows.at(-1)?.timeMs ?? 0) + 1;
    if (length > lengthMsMax) throw refused(file, 'is longer than six hours');
    const packetsPerMs = new Uint16Array(length);
    for (const { timeMs, value = 0 } of rows) packetsPerMs[Math.floor(timeMs)] = value;
    const name = file.slice(file.lastIndexOf('/') + 1);
    const unknown = { drainBytesPerSecond: undefined, limitBytes: undefined };
    return { name, packetBytes, packetsPerMs, resolutionMs: 1, ...unknown };
  } catch (error) {
    if (error instanceof TraceError) throw refused(file, error.message);
    throw error;
  }
}

async function textOf(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > fileBytesMax) throw refused(file, 'is larger than 256 MiB');
    if (!file.endsWith('.gz')) return bytes.toString('utf8');
    return (await promisify(gunzip)(bytes, { maxOutputLength: fileBytesMax })).toString('utf8');
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw refused(file, `cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}

function numberOf(row: CaptureRow, key: string): number | undefined {
  const value = row[key];
  return isNumber(value) ? value : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function refused(file: string, what: string): CommandError {
  return new CommandError({
    exitCode: exitCodes.usage,
    what: `${file} ${what}`,
    next:
      'give a file of levitate capture (.jsonl), or of packets by the millisecond ' +
      '(t_ms,packets_1500B)',
  });
}
