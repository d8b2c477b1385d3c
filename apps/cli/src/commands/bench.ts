import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { SetExitCode } from '../exit-codes.ts';
import { runNode } from '../run-node.ts';
import type { Surroundings } from '../surroundings.ts';

/** `levitate bench NAME`: the bench app as a process, flags passed through as they are. */
export function benchCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  return new Command('bench')
    .description('measure: run one bench and print its table, or one JSON object')
    .argument('[name]', 'name of the bench; none lists them')
    .argument('[flags...]', '--json, --data DIR, --seed N, --quick')
    .addHelpText('before', 'Example:\n  levitate bench levitation --quick\n')
    .passThroughOptions()
    .allowUnknownOption()
    .helpOption('-h, --help', 'this text; the benches are listed by: levitate bench')
    .action(async (name: string | undefined, flags: readonly string[]) => {
      const script = join(surroundings.root, 'apps', 'bench', 'src', 'main.ts');
      if (!existsSync(script)) throw new Error(`${script} is not there`);
      const args = [script, ...(name === undefined ? [] : [name]), ...flags];
      setExitCode(await runNode(args, surroundings));
    });
}
