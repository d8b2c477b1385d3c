import { resolve } from 'node:path';
import type { DatasetManifest } from '@levitate/models';
import { Command } from 'commander';
import { makeDataset, splits } from '../capture/make-dataset.ts';
import { inFormat, type OutputFormat, withOutput } from '../output-format.ts';
import type { Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';
import { wholeNumber } from '../whole-number.ts';

interface Options {
  readonly out: string;
  readonly bursts: string;
  readonly seed: string;
  readonly output: OutputFormat;
}

/** `levitate dataset`: captures as data to learn from. */
export function datasetCommand(surroundings: Surroundings): Command {
  const command = new Command('dataset')
    .description('label the onsets in captures, split them by time, mix generated bursts in')
    .argument('[captures...]', 'files of levitate capture; none: generated bursts alone')
    .requiredOption('--out <folder>', 'where the parts and dataset.json are written')
    .option('--bursts <count>', 'generated bursts, at least so many; 0 for none', '1000')
    .option('--seed <text>', 'of the generated bursts', '1')
    .addHelpText('before', 'Example:\n  levitate dataset lane.jsonl --out lane-data\n');
  return withOutput(command).action(async (captures: readonly string[], options: Options) => {
    const folder = resolve(options.out);
    const manifest = await makeDataset({
      captures: captures.map((file) => resolve(file)),
      folder,
      bursts: wholeNumber(options.bursts, { name: '--bursts', min: 0, max: 1_000_000 }),
      seed: options.seed,
    });
    surroundings.print(inFormat(options.output, manifest, () => linesOf(manifest, folder)));
  });
}

function linesOf({ splits: counts, generated }: DatasetManifest, folder: string): string {
  const rows = splits.map((split) => [split, counts[split].samples, counts[split].onsets]);
  const table = renderTable(['PART', 'SAMPLES', 'ONSETS'], rows);
  const { bursts, links } = generated;
  return `${table}\n\n${bursts} generated bursts on ${links} links; written to ${folder}`;
}
