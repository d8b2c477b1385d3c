import { bufferBytesMax, bufferBytesMin } from '@levitate/control';
import { Command, Option } from 'commander';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { inFormat, type OutputFormat, withOutput } from '../output-format.ts';
import {
  type PolicyName,
  type PolicyOutcome,
  policyNames,
  type SimulatedQueue,
  simulatePolicy,
} from '../simulate/simulate-policy.ts';
import { readArrivals, type TraceArrivals } from '../simulate/trace-arrivals.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Cell, renderTable } from '../table.ts';
import { wholeNumber } from '../whole-number.ts';

interface Options {
  readonly trace: string;
  readonly policy: readonly PolicyName[];
  readonly link?: string;
  readonly drain?: string;
  readonly limit?: string;
  readonly budget: string;
  readonly min: string;
  readonly max: string;
  readonly changes: string;
  readonly output: OutputFormat;
}

/** What is always beside the policy that was asked for. */
const beside: readonly PolicyName[] = ['static', 'optomechanical'];

/** `levitate simulate`: what a policy would have done to a trace, before anything is enforced. */
export function simulateCommand(surroundings: Surroundings): Command {
  const command = new Command('simulate')
    .description('what a policy would have done to recorded traffic, before enforcing it')
    .addHelpText('before', 'Example:\n  levitate simulate --trace lane.jsonl --policy predictive\n')
    .requiredOption('--trace <file>', 'a file of levitate capture, or packets by the millisecond')
    .addOption(
      new Option('--policy <name...>', 'one or more; static and the law stand beside them')
        .choices(policyNames)
        .default(['predictive']),
    )
    .option('--link <name>', 'of a capture with several; default the first')
    .option('--drain <bytes/s>', 'rate of the link; default as captured')
    .option('--limit <bytes>', 'limit before any change; default as captured, or 524288')
    .option('--budget <ms>', 'longest delay a full queue may cause', '150')
    .option('--min <bytes>', 'least limit', `${bufferBytesMin}`)
    .option('--max <bytes>', 'largest limit', `${bufferBytesMax}`)
    .option('--changes <count>', 'changes in any minute', '10')
    .addHelpText(
      'after',
      '\nArrivals are taken as recorded: senders that react would have sent otherwise. Forecasts ' +
        'are those of the statistical forecasters.',
    );
  return withOutput(command).action(async (options: Options) => {
    const arrivals = await readArrivals(options.trace, options.link);
    const queue = queueOf(options, arrivals);
    const outcomes: PolicyOutcome[] = [];
    for (const policy of new Set([...beside, ...options.policy])) {
      const onProgress = async (share: number) => {
        surroundings.complain(`${policy}: ${Math.round(100 * share)} %`);
        await new Promise((resolve) => setImmediate(resolve));
        if (surroundings.signal.aborted) throw stopped();
      };
      outcomes.push(await simulatePolicy({ policy, arrivals, queue, onProgress }));
    }
    const found = { trace: options.trace, link: arrivals.name, queue, outcomes };
    const text = () => tableOf(outcomes, { arrivals, queue });
    surroundings.print(inFormat(options.output, found, text));
  });
}

function queueOf(options: Options, arrivals: TraceArrivals): SimulatedQueue {
  const bytes = (name: 'limit' | 'min' | 'max') =>
    wholeNumber(options[name] ?? '', { name: `--${name}`, max: 2 ** 40 });
  const drain =
    options.drain === undefined
      ? arrivals.drainBytesPerSecond
      : wholeNumber(options.drain, { name: '--drain', max: 2 ** 40 });
  if (drain === undefined || drain === 0) {
    throw new CommandError({
      exitCode: exitCodes.usage,
      what: `${options.trace} does not say how fast its link drains`,
      next: 'give it: --drain 12500000 is 100 Mbit/s',
    });
  }
  const [min, max] = [bytes('min'), bytes('max')];
  if (min > max) {
    throw new CommandError({
      exitCode: exitCodes.usage,
      what: `--min ${min} exceeds --max ${max}`,
    });
  }
  return {
    drainBytesPerSecond: drain,
    limitBytes:
      options.limit === undefined ? (arrivals.limitBytes ?? bufferBytesMin) : bytes('limit'),
    min,
    max,
    latencyBudgetMs: wholeNumber(options.budget, { name: '--budget', max: 60_000 }),
    maxChangesPerMinute: wholeNumber(options.changes, { name: '--changes', max: 600 }),
  };
}

function tableOf(
  outcomes: readonly PolicyOutcome[],
  { arrivals, queue }: { arrivals: TraceArrivals; queue: SimulatedQueue },
): string {
  const heads = [
    'POLICY',
    'DROPPED',
    'SHARE',
    'P99 DELAY MS',
    'MEAN LIMIT',
    'CHANGES',
    'ANNOUNCED',
  ];
  const rows: Cell[][] = outcomes.map((one) => [
    one.policy,
    one.droppedPackets,
    `${((100 * one.droppedPackets) / Math.max(1, one.arrivedPackets)).toFixed(4)} %`,
    one.p99DelayMs.toFixed(1),
    Math.round(one.meanLimitBytes),
    one.changes,
    one.announced,
  ]);
  const seconds = Math.round(arrivals.packetsPerMs.length / 1_000);
  const mbits = (queue.drainBytesPerSecond * 8) / 1e6;
  const resolution =
    arrivals.resolutionMs === 1 ? '' : `, recorded every ${arrivals.resolutionMs} ms`;
  return [
    `${arrivals.name}: ${seconds} s at ${mbits.toFixed(1)} Mbit/s${resolution}`,
    renderTable(heads, rows),
  ].join('\n');
}

function stopped(): CommandError {
  return new CommandError({ exitCode: exitCodes.failed, what: 'stopped before the end' });
}
