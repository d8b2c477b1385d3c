import { existsSync, mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isDataset } from './is-dataset.ts';
import { keptCheckpoints } from './kept-checkpoints.ts';
import type { ProgressDisplay } from './progress-display.ts';
import {
  parseTrainerArguments,
  type TrainerArguments,
  trainerUsage,
  UsageError,
} from './trainer-arguments.ts';
import { type Training, TrainingDataError } from './training.ts';
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
  const { env, root, display, print, complain, signal } = surroundings;
  let checkpoints: string | undefined;
  try {
    const names = trainings.map(({ name }) => name);
    const asked = parseTrainerArguments(argv, { env, names });
    if (asked === 'help') {
      print(trainerUsage(trainings));
      return 0;
    }
    const folders = foldersOf(asked, root);
    checkpoints = folders.checkpointDirectory;
    await train(asked, { ...surroundings, folders });
    return 0;
  } catch (error) {
    display.close();
    if (signal.aborted && checkpoints !== undefined) {
      complain(keptCheckpoints(checkpoints));
      return 130;
    }
    return await complainOf(error, complain);
  }
}

/** @returns the exit code; a fault of ours alone is told with its stack */
async function complainOf(error: unknown, complain: (line: string) => void): Promise<number> {
  if (error instanceof UsageError || error instanceof TrainingDataError) {
    complain(error.message);
    return 2;
  }
  const { CheckpointError } = await import('@levitate/neural');
  if (error instanceof CheckpointError) complain(`${error.message}\nnext: ${error.nextStep}`);
  else complain(`${error instanceof Error ? (error.stack ?? error.message) : error}`);
  return 1;
}

async function train(
  asked: TrainerArguments,
  parts: TrainerSurroundings & { folders: ReturnType<typeof foldersOf> },
): Promise<void> {
  const { folders, display, print, signal } = parts;
  const { name, seed, workers, quick } = asked;
  const training = trainings.find((each) => each.name === name);
  if (training === undefined) throw new UsageError(`no training "${name}"`);
  const dataDirectory = resolve(asked.dataDirectory ?? '');
  checkData(dataDirectory, training);
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

/** @throws {UsageError} where the folder holds nothing that the training reads */
function checkData(folder: string, { name, readsDatasets = false }: Training): void {
  if (isDataset(folder) && !readsDatasets) {
    const readers = trainings.filter((each) => each.readsDatasets).map((each) => each.name);
    throw new UsageError(
      `--data ${folder}: a dataset of links, of which ${readers.join(', ')} learns; ` +
        `${name} learns from a folder with traces/KIND/FILE`,
    );
  }
  if (!isDataset(folder) && !existsSync(join(folder, 'traces'))) {
    throw new UsageError(`--data ${folder}: no folder "traces" in it, and no dataset.json`);
  }
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
