import { existsSync, mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { ProgressDisplay } from './progress-display.ts';
import {
  parseTrainerArguments,
  type TrainerArguments,
  trainerUsage,
  UsageError,
} from './trainer-arguments.ts';
import { TrainingDataError } from './training.ts';
import { trainings } from './trainings.ts';

/** Where a trainer runs. */
export interface TrainerSurroundings {
  env: Readonly<Record<string, string | undefined>>;
  /** Of the repository: models, reports and checkpoints go below it. */
  root: string;
  display: ProgressDisplay;
  print: (line: string) => void;
  complain: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Run one command line.
 * @param argv what follows `levitate train`
 * @returns the exit code
 */
export async function runTrainer(
  argv: readonly string[],
  surroundings: TrainerSurroundings,
): Promise<number> {
  const { env, display, print, complain, signal } = surroundings;
  try {
    const names = trainings.map(({ name }) => name);
    const asked = parseTrainerArguments(argv, { env, names });
    if (asked === 'help') print(trainerUsage(trainings));
    else await train(asked, surroundings);
    return 0;
  } catch (error) {
    display.close();
    if (signal.aborted) {
      complain('interrupted; the same command goes on from the checkpoint');
      return 130;
    }
    const isExpected = error instanceof UsageError || error instanceof TrainingDataError;
    complain(`${isExpected ? error.message : ((error as Error).stack ?? error)}`);
    return isExpected ? 2 : 1;
  }
}

async function train(
  asked: TrainerArguments,
  { root, display, print, signal }: TrainerSurroundings,
): Promise<void> {
  const { name, seed, workers, quick } = asked;
  const training = trainings.find((each) => each.name === name);
  if (training === undefined) throw new UsageError(`no training "${name}"`);
  const dataDirectory = resolve(asked.dataDirectory ?? '');
  if (!existsSync(join(dataDirectory, 'traces'))) {
    throw new UsageError(`--data ${dataDirectory}: no folder "traces" in it`);
  }
  const folders = foldersOf(asked, root);
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const files = await training.run({
    ...folders,
    seed,
    workers,
    quick,
    dataDirectory,
    signal,
    progress: (progress) => display.show(progress),
    say: (line) => display.say(line),
  });
  display.close();
  for (const file of files) print(relative(process.cwd(), file));
}

function foldersOf({ name, seed, workers, quick, outDirectory }: TrainerArguments, root: string) {
  const run = `${name}-${seed}-${workers}${quick ? '-quick' : ''}`;
  const checkpointDirectory = join(root, '.levitate', 'train', run);
  const out = outDirectory ?? (quick ? join(checkpointDirectory, 'out') : undefined);
  if (out !== undefined) {
    return { checkpointDirectory, modelDirectory: resolve(out), reportDirectory: resolve(out) };
  }
  return {
    checkpointDirectory,
    modelDirectory: join(root, 'models', name),
    reportDirectory: join(root, 'docs', 'models', name),
  };
}
