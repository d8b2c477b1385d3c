import { inspect, parseArgs } from 'node:util';
import { type FaultSequences, runSequences, shorten } from './fault-sequences.ts';
import { BugNursery, type PlantedBug, type Substitute } from './planted-bugs.ts';

/** What is run against what. */
export interface FaultRun {
  /** What the sequences are played through, for people. */
  title: string;
  /** Sequences where the command line does not say how many. */
  count: number;
  bugs: readonly PlantedBug[];
  /** Seeds that found a bug before, by its name: they are tried first. */
  finders: Readonly<Record<string, number>>;
  substitutes: readonly Substitute[];
  /** Folders whose modules a bug is planted in or that import one that has one. */
  rooms: readonly string[];
  /** Module that exports `sequences`, a {@link FaultSequences}. */
  url: string;
}

type Loaded = { sequences: FaultSequences<unknown> };

/**
 * The command of a room: `--sequences N` plays shipped code, `--bugs` prints the kill table (with
 * `--only TEXT` of bugs so named), `--seed N` plays one sequence and shows its steps. Exit 1
 * where a rule was broken or a bug survived.
 */
export async function runFaults(run: FaultRun): Promise<void> {
  const { values } = parseArgs({
    options: {
      sequences: { type: 'string', default: String(run.count) },
      seed: { type: 'string' },
      bugs: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  const nursery = new BugNursery(run);
  const count = Number(values.sequences);
  // Errors are thrown by the million and nobody reads where they come from.
  if (values.seed === undefined) Error.stackTraceLimit = 0;
  const strange = Object.keys(run.finders).find((name) =>
    run.bugs.every((bug) => bug.name !== name),
  );
  if (strange !== undefined) throw new Error(`a finder is of no bug: ${strange}. Next: rename it`);
  const bugs = run.bugs.filter(({ name }) => name.includes(values.only));
  const isGood = values.bugs
    ? await killTable({ ...run, bugs }, nursery, count)
    : await shipped(run, nursery, { count, seed: values.seed });
  if (!isGood) process.exitCode = 1;
}

async function shipped(
  { title, url }: FaultRun,
  nursery: BugNursery,
  { count, seed }: { count: number; seed: string | undefined },
): Promise<boolean> {
  const { sequences } = await nursery.load<Loaded>(url);
  if (seed !== undefined) {
    const steps = sequences.draw(Number(seed));
    for (const step of steps) tell(shown(step));
    tell(shown(await sequences.play(Number(seed), steps)));
    return true;
  }
  const { played, counts, broken } = await runSequences(sequences, count);
  const what = Object.entries(counts).map(([name, times]) => `${times} ${name}`);
  tell(`${title}: ${played} sequences, ${what.join(', ')}`);
  if (broken === undefined) {
    tell('no rule was broken');
    return true;
  }
  const { violation, steps } = await shorten(sequences, broken);
  tell(`broken: ${violation.rule}: ${violation.detail}`);
  tell(`seed ${broken.seed}, ${broken.steps.length} steps; these are enough:`);
  for (const step of steps) tell(`  ${shown(step)}`);
  return false;
}

async function killTable(run: FaultRun, nursery: BugNursery, count: number): Promise<boolean> {
  const { bugs, finders, url, title } = run;
  let survived = 0;
  tell(`Planted bugs, ${title}: what is wrong | rule that told | seed that found it`);
  for (const bug of bugs) {
    const { sequences } = await nursery.loadWithBug<Loaded>(url, bug);
    const { broken } = await runSequences(sequences, count, finders[bug.name]);
    if (broken === undefined) survived += 1;
    const killed = broken ? `${broken.violation.rule} | ${broken.seed}` : `SURVIVED ${count}`;
    tell(`${bug.name.padEnd(72)} | ${killed}`);
  }
  tell(`${bugs.length} bugs planted, ${survived} survived`);
  return survived === 0;
}

function tell(row: string): void {
  process.stdout.write(`${row}\n`);
}

/** On one line, with what JSON has no word for. */
function shown(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 });
}
