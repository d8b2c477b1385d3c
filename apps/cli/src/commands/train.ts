import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { SetExitCode } from '../exit-codes.ts';
import { runNode } from '../run-node.ts';
import type { Surroundings } from '../surroundings.ts';

/** `levitate train NAME`: the trainer app as a process, flags passed through as they are. */
export function trainCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  return new Command('train')
    .description('train one model from real traces: weights, manifest and report')
    .argument('[name]', 'name of the training; none lists them')
    .argument('[flags...]', '--data DIR, --seed N, --workers N, --out DIR, --quick')
    .addHelpText('before', 'Example:\n  levitate train bandwidth --data DIR\n')
    .passThroughOptions()
    .allowUnknownOption()
    .helpOption('-h, --help', 'this text; the trainings are listed by: levitate train')
    .action(async (name: string | undefined, flags: readonly string[]) => {
      const script = join(surroundings.root, 'apps', 'trainer', 'src', 'main.ts');
      if (!existsSync(script)) throw new Error(`${script} is not there`);
      const args = [script, ...(name === undefined ? [] : [name]), ...flags];
      setExitCode(await runNode(args, surroundings));
    });
}
