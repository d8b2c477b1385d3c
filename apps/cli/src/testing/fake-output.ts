import { Writable } from 'node:stream';

/** A pipe whose reader a test plays: it takes all at once, nothing, or goes away. */
export class FakeOutput extends Writable {
  text = '';
  isTTY = false;
  columns: number | undefined;
  rows: number | undefined;
  #isReading: boolean;
  #taken: (() => void) | undefined;
  #watchers = new Set<() => void>();

  constructor(options: { isReading?: boolean; isTTY?: boolean } = {}) {
    super({ decodeStrings: false, highWaterMark: 16_384 });
    this.#isReading = options.isReading ?? true;
    this.isTTY = options.isTTY ?? false;
  }

  override _write(chunk: string | Buffer, _: string, done: (error?: Error) => void): void {
    this.text += chunk;
    for (const watcher of this.#watchers) watcher();
    if (this.#isReading) done();
    else this.#taken = done;
  }

  get lines(): string[] {
    return this.text.split('\n').filter((line) => line !== '');
  }

  /** The reader goes on reading. */
  read(): void {
    this.#isReading = true;
    this.#taken?.();
    this.#taken = undefined;
  }

  /** The reader has gone, or the disk is full. */
  fail(code: 'EPIPE' | 'ENOSPC'): void {
    this.destroy(Object.assign(new Error(`write ${code}`), { code }));
  }

  /** Fulfilled once what was written satisfies `isSo`. */
  until(isSo: (text: string) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo(this.text)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }
}
