import { readFileSync, writeFileSync } from 'node:fs';
import type { ManagedResource } from '../../managed-resource.ts';

/** A resource that outlives its server: its size is the text of a file. */
export class SizeInFile implements ManagedResource {
  readonly name = 'kept';
  readonly unit = 'slots';
  readonly min = 1;
  readonly max = 100;
  readonly #path: string;
  /** Called before and after each change. */
  onChange: (when: 'before' | 'after') => void = () => {};

  constructor(path: string) {
    this.#path = path;
  }

  measure() {
    return { size: Number(readFileSync(this.#path, 'utf8')), need: 24 };
  }

  apply(size: number) {
    this.onChange('before');
    writeFileSync(this.#path, `${size}`);
    this.onChange('after');
  }
}
