import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { inFormat, type OutputFormat, withOutput } from '../output-format.ts';
import type { Surroundings } from '../surroundings.ts';

/** `levitate version`. */
export function versionCommand({ root, print }: Surroundings): Command {
  const command = new Command('version')
    .description('print the version of levitate and of the Node that runs it')
    .addHelpText('before', 'Example:\n  levitate version -o json\n');
  return withOutput(command).action(({ output }: { output: OutputFormat }) => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const node = process.versions.node;
    print(inFormat(output, { version, node }, () => `levitate ${version}, Node ${node}`));
  });
}
