import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointError, identityDifference, type LiquidArrays } from '@levitate/neural';

/** Members of an ensemble that are done, in a folder: an interrupted training starts after them. */
export class MemberCheckpoints {
  readonly #folder: string;
  /** What a member depends on, JSON; a checkpoint of anything else is refused. */
  readonly #fingerprint: string;

  constructor(options: { folder: string; fingerprint: string }) {
    this.#folder = options.folder;
    this.#fingerprint = options.fingerprint;
  }

  /**
   * @returns the parameters of a member that is done, else `undefined`
   * @throws {CheckpointError} for one of another training, and for a file that is something else
   */
  read(name: string): LiquidArrays | undefined {
    const path = this.#path(name);
    if (!existsSync(path)) return undefined;
    const { fingerprint, arrays } = parse(path);
    if (fingerprint === this.#fingerprint) return arrays;
    const why = `is of another training: ${identityDifference(fingerprint, this.#fingerprint)}`;
    throw new CheckpointError({ code: 'other-training', file: path, why });
  }

  /** JSON keeps every bit of a float64. */
  write(name: string, arrays: LiquidArrays): void {
    const plain = Object.entries(arrays).map(([key, { shape, data }]) => [
      key,
      { shape, data: Array.from(data) },
    ]);
    const text = JSON.stringify({
      fingerprint: this.#fingerprint,
      arrays: Object.fromEntries(plain),
    });
    writeFileSync(`${this.#path(name)}.new`, text);
    renameSync(`${this.#path(name)}.new`, this.#path(name));
  }

  /** The training is done: the next one starts from nothing. */
  clear(names: readonly string[]): void {
    for (const name of names) rmSync(this.#path(name), { force: true });
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}

function parse(file: string): { fingerprint: string; arrays: LiquidArrays } {
  try {
    const { fingerprint, arrays } = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof fingerprint === 'string' && typeof arrays === 'object') {
      return { fingerprint, arrays };
    }
  } catch (cause) {
    throw new CheckpointError({ code: 'damaged', file, why: 'is no JSON', cause });
  }
  throw new CheckpointError({ code: 'damaged', file, why: 'is not a checkpoint' });
}
