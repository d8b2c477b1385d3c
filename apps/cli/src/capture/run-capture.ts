import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { contracts, enumWord, type telemetry } from '@levitate/contracts';
import { connect, RpcError, type TlsFiles } from '@levitate/grpc-kit';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { isExactName, nameFilter } from '../glob.ts';
import { serviceFailure } from '../service-failure.ts';
import { captureUnits } from './capture-file.ts';

/** @see runCapture */
export interface CaptureOptions {
  readonly file: string;
  readonly series: 'link' | 'path';
  /** Patterns; none takes all. */
  readonly names: readonly string[];
  readonly address: string;
  readonly tls: TlsFiles | undefined;
  /** Ends after so many samples. */
  readonly samplesMax: number;
  /** Aborted when the time is over, or by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What was recorded. */
export interface CaptureOutcome {
  readonly samples: number;
  /** Links or paths. */
  readonly names: number;
  /** Samples that telemetry dropped because we were too slow. */
  readonly lost: number;
}

/**
 * Records live samples as a capture: a header line, then a line a sample, with what the windows
 * hold first. The file must be new: a record is never overwritten.
 * @throws {CommandError}
 */
export async function runCapture(options: CaptureOptions): Promise<CaptureOutcome> {
  const { file, series, names, address, tls, samplesMax, signal } = options;
  const output = createWriteStream(file, { flags: 'wx' });
  await once(output, 'open').catch((error: NodeJS.ErrnoException) => {
    throw cannotWrite(file, error);
  });
  const failed = once(output, 'error').then(([error]) => {
    throw cannotWrite(file, error);
  });
  failed.catch(() => {});
  const write = async (line: object) => {
    if (!output.write(`${JSON.stringify(line)}\n`)) {
      await Promise.race([once(output, 'drain'), failed]);
    }
  };
  const client = connect(contracts.telemetry, { address, tls });
  const passes = nameFilter(names);
  const asked = names.every(isExactName) ? [...names] : [];
  const seen = new Set<string>();
  let samples = 0;
  let lostInAll = 0;
  try {
    await write(headerOf(series, address));
    const call = { signal };
    const stream: AsyncIterable<Message> =
      series === 'link'
        ? client.streamSamples({ links: asked, backlog: true }, call)
        : client.streamPathSamples({ paths: asked, backlog: true }, call);
    recording: for await (const message of stream) {
      lostInAll += message.lost;
      for (const sample of message.samples) {
        const row = rowOf(sample);
        if (!passes(row.name)) continue;
        await write(row);
        seen.add(row.name);
        samples += 1;
        if (samples >= samplesMax) break recording;
      }
    }
  } catch (error) {
    if (!signal.aborted || !(error instanceof RpcError)) {
      throw error instanceof CommandError
        ? error
        : serviceFailure(error, { service: 'telemetry', address });
    }
  } finally {
    client.close();
    output.end();
    await Promise.race([once(output, 'close'), failed]).catch(() => {});
  }
  return { samples, names: seen.size, lost: lostInAll };
}

type Message =
  | { samples: telemetry.Sample[]; lost: number }
  | { samples: telemetry.PathSample[]; lost: number };

function headerOf(series: 'link' | 'path', address: string): object {
  return {
    kind: 'levitate-capture',
    format: 1,
    series,
    units: captureUnits,
    origin: { source: `telemetry at ${address}`, startedUnixMs: Date.now() },
  };
}

function rowOf(sample: telemetry.Sample | telemetry.PathSample) {
  const { origin, ...rest } = sample;
  const name = 'link' in rest ? rest.link : rest.path;
  const { timeUnixMs = 0 } = rest;
  const values: Record<string, unknown> = { ...rest };
  delete values.link;
  delete values.path;
  return { name, origin: enumWord(origin), ...values, timeUnixMs };
}

function cannotWrite(file: string, error: NodeJS.ErrnoException): CommandError {
  const isThere = error.code === 'EEXIST';
  return new CommandError({
    exitCode: exitCodes.failed,
    what: isThere ? `${file} is there already` : `${file} cannot be written: ${error.message}`,
    next: isThere ? 'name a new file, or remove that one' : 'name a file in a folder you can write',
    cause: error,
  });
}
