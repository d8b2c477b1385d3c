import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { runCapture } from '../capture/run-capture.ts';
import { CommandError } from '../command-error.ts';
import { parseDuration } from '../duration.ts';
import { exitCodes } from '../exit-codes.ts';
import { type ReachOptions, resolveAddresses, tlsOf, withReach } from '../service-addresses.ts';
import type { Surroundings } from '../surroundings.ts';
import { wholeNumber } from '../whole-number.ts';

interface Options extends ReachOptions {
  readonly of: 'links' | 'paths';
  readonly name: readonly string[];
  readonly for: string;
  readonly limit: string;
}

/** `levitate capture FILE`: live samples as a file that `levitate dataset` reads. */
export function captureCommand(surroundings: Surroundings): Command {
  const command = new Command('capture')
    .description('record live samples of links or paths: schema, units and origin in its header')
    .argument('<file>', 'a new file; JSON, a line a sample')
    .addHelpText('before', 'Example:\n  levitate capture lane.jsonl --name "lane-*" --for 10m\n')
    .addOption(
      new Option('--of <series>', 'what to record').choices(['links', 'paths']).default('links'),
    )
    .option('--name <glob>', 'only of names that match, * and ?; may be repeated', add, [])
    .option('--for <time>', 'end after 10s, 5m, 1h', '10m')
    .option('--limit <count>', 'end after so many samples', `${samplesMax}`)
    .addHelpText('after', '\nBegins with what telemetry holds. Ctrl-C ends it with 0.');
  return withReach(command).action(async (file: string, options: Options) => {
    const over = AbortSignal.timeout(parseDuration(options.for) * 1_000);
    const tls = tlsOf(options);
    const addresses = await resolveAddresses(options, surroundings);
    const { samples, names, lost } = await runCapture({
      file: resolve(file),
      series: options.of === 'links' ? 'link' : 'path',
      names: options.name,
      address: addresses.telemetry,
      tls,
      samplesMax: wholeNumber(options.limit, { name: '--limit', max: samplesMax }),
      signal: AbortSignal.any([over, surroundings.signal]),
    });
    surroundings.print(`${samples} samples of ${names} ${options.of} in ${file}, ${lost} lost`);
    if (samples > 0) return;
    throw new CommandError({
      exitCode: exitCodes.failed,
      what: 'telemetry had no sample of these names',
      next: 'levitate status shows what it knows',
    });
  });
}

/** 1,000 links at 10 Hz for a little under three hours; about 30 GB. */
const samplesMax = 100_000_000;

function add(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
