import { Command, Option } from 'commander';
import type { SetExitCode } from '../exit-codes.ts';
import { nameFilter } from '../glob.ts';
import { Losses } from '../live/losses.ts';
import { type ReachOptions, resolveAddresses, tlsOf, withReach } from '../service-addresses.ts';
import type { Surroundings } from '../surroundings.ts';
import { type SortKey, sortKeys } from '../top/link-row.ts';
import { LinkTable } from '../top/link-table.ts';
import { runTop } from '../top/run-top.ts';
import { openTopSources } from '../top/top-sources.ts';

interface Options extends ReachOptions {
  readonly sort: SortKey;
  readonly link: readonly string[];
  readonly once: boolean;
  readonly output: 'table' | 'json' | 'jsonl';
}

/** A service that hangs holds up the first picture no longer than this. */
const firstAnswerMs = 3_000;

/** `levitate top`: every link once a second, on a terminal in place. */
export function topCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('top')
    .description('every link live: rate, queue, limit, drops, delay, what decides and what comes')
    .addHelpText('before', `${examples}\n`)
    .addOption(new Option('--sort <column>', 'what comes first').choices(sortKeys).default('rate'))
    .option('--link <glob>', 'only links whose name matches, * and ?; may be repeated', add, [])
    .option('--once', 'one picture, a second long, and the end', false)
    .addOption(
      new Option('-o, --output <format>', 'json: an object a second; jsonl: an object a link')
        .choices(['table', 'json', 'jsonl'])
        .default('table'),
    )
    .addHelpText('after', `\n${after}`);
  return withReach(command).action(async (options: Options) => {
    const tls = tlsOf(options);
    const addresses = await resolveAddresses(options, surroundings);
    const table = new LinkTable(nameFilter(options.link));
    const losses = new Losses();
    const clocks = { nowMs: () => performance.now(), unixMs: () => Date.now() };
    const { sources, close } = openTopSources({
      ...{ addresses, tls, table, losses },
      links: options.link,
      nowMs: clocks.nowMs,
    });
    try {
      setExitCode(
        await runTop(
          {
            ...{ sources, table, losses, ...clocks },
            sort: options.sort,
            filters: options.link,
            format: options.output,
            isOnce: options.once,
            firstAnswerMs,
          },
          surroundings,
        ),
      );
    } finally {
      close();
    }
  });
}

const examples = `Example:
  levitate top --sort drops
  levitate top --link 'eth*' --once -o json`;

const after = `On a terminal q or Ctrl-C leaves; elsewhere it prints a table a second. Figures are
of the last second. A service that is away is named, and the others' figures go on. Ends
with 3 where no service ever answered, 1 where the output cannot be written, else with 0.`;

function add(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
