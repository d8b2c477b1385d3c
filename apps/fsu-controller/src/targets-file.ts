import { readFile } from 'node:fs/promises';
import { commonConfig, faultLine, type Logger, parseConfig } from '@levitate/service-kit';
import type { FsuControllerConfig } from './config.ts';
import { type TargetConfig, targetList } from './target-config.ts';
import type { TargetSet } from './target-set.ts';

/** Between two looks at the file, ms. Not watched: it may be a link that is exchanged. */
const lookMs = 2_000;
/** Longest file that is read, bytes. */
const bytesMax = 1_048_576;

const targetsFileSchema = commonConfig.extend({
  targets: targetList.describe('What is controlled.'),
});

/** What is in a file of targets, or what is wrong with it, a line each. */
export type TargetsReading = { targets: TargetConfig[] } | { faults: string[] };

/** Targets of a file: a map with the one key `targets`, as in the configuration. */
export function readTargets(name: string, text: string): TargetsReading {
  if (text.length > bytesMax) return { faults: [`${name}: longer than ${bytesMax} bytes`] };
  const file = { name, text };
  const parsed = parseConfig({ service: 'fsu-controller', schema: targetsFileSchema, file });
  if (!parsed.ok) return { faults: parsed.faults.map(faultLine) };
  const { origins, config } = parsed;
  const others = [...origins.keys()].filter(
    (key) => key !== 'targets' && !key.startsWith('targets.'),
  );
  if (others.length === 0) return { targets: config.targets };
  return { faults: [`${name}: holds targets and nothing else, not ${others.join(', ')}`] };
}

/** @see TargetsFile */
export interface TargetsFileOptions {
  path: string;
  onTargets: (targets: TargetConfig[]) => void;
  /** The targets before stay. */
  onFaults: (faults: readonly string[]) => void;
}

/** A file of targets that is read again when it has changed. */
export class TargetsFile {
  readonly #options: TargetsFileOptions;
  #text: string | undefined;

  constructor(options: TargetsFileOptions) {
    this.#options = options;
  }

  /** Read it now, whether it has changed or not. */
  async open(): Promise<TargetsReading> {
    const text = await this.#read();
    if (typeof text !== 'string') return text;
    this.#text = text;
    return readTargets(this.#options.path, text);
  }

  /** Look at it now. */
  async look(): Promise<void> {
    const { path, onTargets, onFaults } = this.#options;
    const text = await this.#read();
    if (typeof text !== 'string') {
      if (this.#text !== undefined) onFaults(text.faults);
      this.#text = undefined;
      return;
    }
    if (text === this.#text) return;
    this.#text = text;
    const reading = readTargets(path, text);
    if ('targets' in reading) onTargets(reading.targets);
    else onFaults(reading.faults);
  }

  /** Look every two seconds, and on SIGHUP at once, until `signal` aborts. */
  watch(signal: AbortSignal): void {
    const look = () => void this.look();
    const timer = setInterval(look, lookMs);
    process.on('SIGHUP', look);
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      process.off('SIGHUP', look);
    });
  }

  async #read(): Promise<string | { faults: string[] }> {
    const { path } = this.#options;
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      return { faults: [`${path}: cannot be read: ${(error as Error).message}`] };
    }
  }
}

/**
 * Have the targets that are configured, and go on with those of the file whenever it changes. A
 * file that is faulty at the start keeps the controller from starting; later it changes nothing.
 * @throws Error with every fault
 */
export async function configuredTargets(parts: {
  config: Pick<FsuControllerConfig, 'targets' | 'targets_file'>;
  logger: Logger;
  targets: Pick<TargetSet, 'replace'>;
  signal: AbortSignal;
}): Promise<void> {
  const { config, logger, targets, signal } = parts;
  const path = config.targets_file;
  const refuse = (faults: readonly string[]) =>
    logger.error({ faults }, 'the file of targets is faulty: the targets stay as they are');
  const have = async (ofFile: readonly TargetConfig[]) => {
    const all = targetList.safeParse([...config.targets, ...ofFile]);
    if (!all.success) throw new Error(all.error.issues.map(({ message }) => message).join('; '));
    await targets.replace(all.data);
    if (all.data.length === 0) logger.warn('no targets are configured: nothing is controlled');
  };
  if (path === undefined) return have([]);
  const file = new TargetsFile({
    path,
    onTargets: (ofFile) =>
      void have(ofFile).then(
        () => logger.info({ targets: ofFile.length }, 'the file of targets was read again'),
        (error: Error) => refuse([error.message]),
      ),
    onFaults: refuse,
  });
  const reading = await file.open();
  if ('faults' in reading) throw new Error(reading.faults.join('; '));
  await have(reading.targets);
  file.watch(signal);
}
