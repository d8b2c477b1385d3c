import { Argument, Command, Option } from 'commander';
import { CommandError } from '../command-error.ts';
import { parseDuration } from '../duration.ts';
import { exitCodes, type SetExitCode } from '../exit-codes.ts';
import { type ReachOptions, resolveAddresses, tlsOf, withReach } from '../service-addresses.ts';
import type { Surroundings } from '../surroundings.ts';
import { RecordQueue } from '../tap/record-queue.ts';
import { runTap } from '../tap/run-tap.ts';
import { kindsThatCanPass, type TapFilterOptions, tapFilter } from '../tap/tap-filter.ts';
import { recordKinds } from '../tap/tap-record.ts';
import { openTapSources } from '../tap/tap-sources.ts';
import { wholeNumber } from '../whole-number.ts';

interface Options extends ReachOptions {
  readonly link: readonly string[];
  readonly target: readonly string[];
  readonly reason: readonly string[];
  readonly minDrops?: string;
  readonly limit?: string;
  readonly for?: string;
  readonly buffer: string;
  readonly output: 'text' | 'json' | 'jsonl';
}

const bufferDefault = 10_000;
const bufferMax = 1_000_000;
const choices = [...recordKinds.map((kind) => `${kind}s`), 'all'];

/** `levitate tap`: what is measured and decided, as it comes, one line each. */
export function tapCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('tap')
    .description(`stream what is measured and decided, a line each: ${choices.join(', ')}`)
    .addHelpText('before', `${examples}\n`)
    .addArgument(new Argument('[what]', 'what to stream').choices(choices).default('all'))
    .option('--link <glob>', 'only of links whose name matches, * and ?; may be repeated', add, [])
    .option('--target <glob>', 'only decisions on targets that match; may be repeated', add, [])
    .option('--reason <glob>', 'only decisions with a reason that matches; repeatable', add, [])
    .option('--min-drops <count>', 'only intervals in which at least so many packets were dropped')
    .option('--limit <count>', 'end after so many lines')
    .option('--for <time>', 'end after 10s, 5m, 1h')
    .option('--buffer <count>', 'lines that wait for a slow reader at most', `${bufferDefault}`)
    .addOption(
      new Option('-o, --output <format>', 'jsonl is one object a line, and so is json')
        .choices(['text', 'json', 'jsonl'])
        .default('text'),
    )
    .addHelpText('after', `\n${after}`);
  return withReach(command).action(async (what: string, options: Options) => {
    const filter = filterOf(options);
    const kinds = kindsOf(what, filter);
    const queue = new RecordQueue(
      wholeNumber(options.buffer, { name: '--buffer', max: bufferMax }),
    );
    const recordsMax =
      options.limit === undefined
        ? Number.POSITIVE_INFINITY
        : wholeNumber(options.limit, { name: '--limit', max: Number.MAX_SAFE_INTEGER });
    const seconds = options.for === undefined ? undefined : parseDuration(options.for);
    const tls = tlsOf(options);
    const addresses = await resolveAddresses(options, surroundings);
    const passes = tapFilter(filter);
    const { sources, close } = openTapSources({ kinds, addresses, tls, filter, passes, queue });
    const format = options.output === 'text' ? 'text' : 'jsonl';
    const timeOver = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1_000);
    try {
      setExitCode(await runTap({ sources, queue, format, recordsMax, timeOver }, surroundings));
    } finally {
      close();
    }
  });
}

const examples = `Example:
  levitate tap decisions --reason 'burst-*' --limit 20
  levitate tap samples --link 'eth*' --min-drops 1 -o jsonl | jq .droppedPackets
  levitate tap events --for 10s`;

const after = `A reader too slow loses the oldest lines beyond --buffer; a line says how many
({"kind":"lost","lost":N,"place":"here"}), and so it does where a service found us too slow.
Ends with 0 at --limit, at --for, when the reader goes and at a Ctrl-C without these two; with
130 at a Ctrl-C before them; with 3 where no service answers at the start, 1 where the output
cannot be written. A service that goes later is waited for, and stderr says so.`;

function filterOf(options: Options): TapFilterOptions {
  const { link, target, reason, minDrops } = options;
  const dropsMin =
    minDrops === undefined
      ? undefined
      : wholeNumber(minDrops, { name: '--min-drops', min: 0, max: Number.MAX_SAFE_INTEGER });
  return { links: link, targets: target, reasons: reason, dropsMin };
}

/** @throws CommandError where what is asked for cannot pass the filters that are asked for */
function kindsOf(what: string, filter: TapFilterOptions) {
  const asked = recordKinds.filter((kind) => what === 'all' || what === `${kind}s`);
  const kinds = kindsThatCanPass(asked, filter);
  if (kinds.length > 0) return kinds;
  throw new CommandError({
    exitCode: exitCodes.usage,
    what: `no ${what} can pass these filters`,
    next: '--target and --reason are for decisions; --min-drops is for samples and decisions',
  });
}

function add(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
