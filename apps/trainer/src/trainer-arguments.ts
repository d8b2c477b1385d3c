import { parseArgs } from 'node:util';

/** What the command line asked for. */
export interface TrainerArguments {
  name: string;
  /** As given; absent where neither `--data` nor LEVITATE_DATA says one. */
  dataDirectory: string | undefined;
  seed: number;
  /** Folder of the model and its report; absent: the places from which they are served. */
  outDirectory: string | undefined;
  workers: number;
  quick: boolean;
}

/** Why the command line was refused; the text says what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** More processes than this would wait for one another longer than they compute. */
const WORKERS_MAX = 64;

const OPTIONS = {
  data: { type: 'string' },
  seed: { type: 'string', default: '1' },
  out: { type: 'string' },
  workers: { type: 'string', default: '1' },
  quick: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Read the command line. Pure: the environment is handed in.
 * @param options.names of the trainings there are
 * @returns `'help'` where help was asked for
 * @throws UsageError with everything that is wrong and what is allowed
 */
export function parseTrainerArguments(
  argv: readonly string[],
  options: { env: Record<string, string | undefined>; names: readonly string[] },
): TrainerArguments | 'help' {
  const { env, names } = options;
  const { values, positionals } = parse(argv);
  if (values.help || (positionals.length === 0 && argv.length === 0)) return 'help';
  const faults: string[] = [];
  const [name = '', ...rest] = positionals;
  if (!names.includes(name)) faults.push(`no training "${name}"; there are: ${names.join(', ')}`);
  if (rest.length > 0) faults.push(`one training at a time; too many: ${rest.join(' ')}`);
  const seed = wholeNumber(values.seed);
  if (seed === undefined) {
    faults.push(`--seed ${values.seed}: a whole number from 0 on is allowed`);
  }
  const workers = wholeNumber(values.workers);
  if (workers === undefined || workers < 1 || workers > WORKERS_MAX) {
    faults.push(`--workers ${values.workers}: 1 to ${WORKERS_MAX} are allowed`);
  }
  const dataDirectory = values.data ?? (env.LEVITATE_DATA || undefined);
  if (dataDirectory === undefined) {
    faults.push('--data is missing: a folder with traces/KIND/FILE (or set LEVITATE_DATA)');
  }
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return {
    name,
    dataDirectory,
    seed: seed ?? 0,
    outDirectory: values.out,
    workers: workers ?? 1,
    quick: values.quick,
  };
}

/** The help text. */
export function trainerUsage(trainings: readonly { name: string; summary: string }[]): string {
  return [
    'Example: levitate train bandwidth --data DIR',
    '',
    'Usage: levitate train NAME --data DIR [--seed N] [--workers N] [--out DIR] [--quick]',
    '',
    ...trainings.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`),
    '',
    '  --data DIR    folder with traces/KIND/FILE (else LEVITATE_DATA); burst also learns from a',
    '                folder that levitate dataset wrote',
    '  --seed N      draws split, first weights, order and dropout; default 1',
    '  --workers N   processes that share the work; default 1. The same seed, kernel and number',
    '                of workers give the same weights byte for byte',
    '  --out DIR     folder for the model and its report; default models/NAME, docs/models/NAME',
    '  --quick       ends soon; to see that it works, into .levitate/train unless --out is given',
    '',
    'Interrupted (Ctrl-C), it says what it keeps; the same command goes on from there.',
    'Exit codes: 0 trained, 1 failed, 2 wrong arguments or data, 130 interrupted.',
  ].join('\n');
}

function wholeNumber(text: string): number | undefined {
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
