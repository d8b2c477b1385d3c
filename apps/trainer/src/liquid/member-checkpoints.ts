import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LiquidArrays } from '@levitate/neural';

/** Members of an ensemble that are done, in a folder: an interrupted training starts after them. */
export class MemberCheckpoints {
  readonly #folder: string;
  /** What a member depends on; a checkpoint of anything else is not taken. */
  readonly #fingerprint: string;

  constructor(options: { folder: string; fingerprint: string }) {
    this.#folder = options.folder;
    this.#fingerprint = options.fingerprint;
  }

  /** @returns the parameters of a member that is done, else `undefined` */
  read(name: string): LiquidArrays | undefined {
    const path = this.#path(name);
    if (!existsSync(path)) return undefined;
    const { fingerprint, arrays } = JSON.parse(readFileSync(path, 'utf8')) as {
      fingerprint: string;
      arrays: LiquidArrays;
    };
    return fingerprint === this.#fingerprint ? arrays : undefined;
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
