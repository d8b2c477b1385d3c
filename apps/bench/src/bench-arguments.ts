import { parseArgs } from 'node:util';

/** What the command line asked for. */
export interface BenchArguments {
  name: string;
  json: boolean;
  quick: boolean;
  seed: number;
  /** Folder of traces; `undefined`: the samples that come with the bench. */
  dataDirectory: string | undefined;
  outDir: string;
}

/** Why the command line was refused; the text says what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  json: { type: 'boolean', default: false },
  output: { type: 'string', short: 'o', default: 'table' },
  quick: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  data: { type: 'string' },
  out: { type: 'string', default: '.levitate/bench' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Read the command line. Pure: the environment is handed in.
 * @param names of the benches there are
 * @returns `'help'` where help was asked for
 * @throws UsageError with everything that is wrong and what is allowed
 */
export function parseBenchArguments(
  argv: readonly string[],
  { env, names }: { env: Record<string, string | undefined>; names: readonly string[] },
): BenchArguments | 'help' {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  const faults: string[] = [];
  const [name = '', ...rest] = positionals;
  if (!names.includes(name)) faults.push(`no bench "${name}"; there are: ${names.join(', ')}`);
  if (rest.length > 0) faults.push(`one bench at a time; too many: ${rest.join(' ')}`);
  if (!['json', 'table'].includes(values.output)) {
    faults.push(`-o ${values.output}: allowed are json and table`);
  }
  const seed = Number(values.seed);
  if (!/^\d+$/.test(values.seed) || !Number.isSafeInteger(seed)) {
    faults.push(`--seed ${values.seed}: a whole number from 0 on is allowed`);
  }
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return {
    name,
    json: values.json || values.output === 'json',
    quick: values.quick,
    seed,
    dataDirectory: values.data ?? (env.LEVITATE_DATA || undefined),
    outDir: values.out,
  };
}

/** The help text. */
export function benchUsage(benches: readonly { name: string; summary: string }[]): string {
  return [
    'Example: levitate bench levitation --quick',
    '',
    'Usage: levitate bench NAME [--json] [--data DIR] [--seed N] [--quick] [--out DIR]',
    '',
    ...benches.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`),
    '',
    '  --json, -o json  last line of stdout is the report as one object; progress goes to stderr',
    '  --data DIR       folder with traces/KIND/FILE of real traces (else LEVITATE_DATA, else the',
    '                   small samples that come with the bench)',
    '  --seed N         draws all generated traffic; default 1',
    '  --quick          ends within 60 s; a look, not a figure',
    '  --out DIR        folder for pictures; default .levitate/bench',
    '',
    'Exit codes: 0 measured (bars met or not), 1 failed, 2 wrong arguments, 130 interrupted.',
  ].join('\n');
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
