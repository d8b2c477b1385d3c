import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** Units of every number in a capture; the names are those of the telemetry contract. */
export const captureUnits: Readonly<Record<string, string>> = {
  timeUnixMs: 'ms since 1970, end of the interval',
  intervalMs: 'ms',
  throughputBytesPerSecond: 'bytes/s, mean',
  throughputPeakBytesPerSecond: 'bytes/s, highest 10 ms',
  packetsPerSecond: '1/s',
  queueBytes: 'bytes',
  queuePackets: '1',
  queueHighWaterBytes: 'bytes',
  latencyP50Seconds: 's',
  latencyP95Seconds: 's',
  latencyP99Seconds: 's',
  connectionsPerSecond: '1/s',
  droppedPackets: '1',
  droppedBytes: 'bytes',
  limitBytes: 'bytes',
  drainBytesPerSecond: 'bytes/s',
  bandwidthBytesPerSecond: 'bytes/s, mean',
  roundTripSeconds: 's',
  lossRatio: '0 to 1',
};

/** First line of a capture. */
export const captureHeader = z.looseObject({
  kind: z.literal('levitate-capture'),
  format: z.literal(1),
  series: z.enum(['link', 'path']),
  units: z.record(z.string(), z.string()),
  origin: z.looseObject({ source: z.string(), startedUnixMs: z.number() }),
});

/** @see captureHeader */
export type CaptureHeader = z.output<typeof captureHeader>;

/** One sample of a capture: numbers by name, what was not measured left out. */
export const captureRow = z.looseObject({
  name: z.string().min(1).max(128),
  origin: z.string(),
  timeUnixMs: z.number().min(0).max(8.64e15),
});

/** @see captureRow */
export type CaptureRow = z.output<typeof captureRow>;

/**
 * Reads a capture line by line. A torn last line, as a crash leaves it, is passed over.
 * @throws {CommandError} for a file that is no capture, naming the line
 */
export async function readCapture(
  file: string,
  onRow: (row: CaptureRow) => void,
): Promise<CaptureHeader> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  let header: CaptureHeader | undefined;
  let number = 0;
  let torn: number | undefined;
  try {
    for await (const line of lines) {
      number += 1;
      if (torn !== undefined) throw faulty(file, `line ${torn} is no JSON`);
      const value = parsed(line);
      if (value === undefined) torn = number;
      else if (header === undefined) header = headerOf(value, file);
      else onRow(rowOf(value, { file, number }));
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw faulty(file, `cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  if (header === undefined) throw faulty(file, 'has no header');
  return header;
}

function headerOf(value: unknown, file: string): CaptureHeader {
  const header = captureHeader.safeParse(value);
  if (header.success) return header.data;
  throw faulty(file, 'does not begin with the header of a capture of format 1');
}

function rowOf(value: unknown, { file, number }: { file: string; number: number }): CaptureRow {
  const row = captureRow.safeParse(value);
  if (row.success) return row.data;
  const issue = row.error.issues[0];
  throw faulty(file, `line ${number}: ${issue?.path.join('.')}: ${issue?.message}`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function faulty(file: string, why: string): CommandError {
  return new CommandError({
    exitCode: exitCodes.failed,
    what: `${file} ${why}`,
    next: 'make one with: levitate capture FILE --for 10m',
  });
}
