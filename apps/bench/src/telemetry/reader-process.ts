import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { serviceNodeArguments } from '@levitate/service-kit';
import type { ReaderCounts } from './window-reader.ts';

const MAIN = new URL('reader-main.ts', import.meta.url).pathname;

/** A `WindowReader` in a process of its own: nobody else's pauses are its. */
export class ReaderProcess {
  readonly #child: ChildProcess;

  /** @param options.processor it runs on @throws Error when it ends instead of reading */
  static async open(options: {
    url: string;
    linksMax: number;
    processor: number;
  }): Promise<ReaderProcess> {
    const { url, linksMax, processor } = options;
    const node = [process.execPath, ...serviceNodeArguments, MAIN];
    const pinned = ['-c', String(processor), ...node, url, String(linksMax)];
    const child = spawn('taskset', pinned, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const opened = new ReaderProcess(child);
    await opened.#answer();
    return opened;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async counts(): Promise<ReaderCounts> {
    return (await this.#ask('counts')) as ReaderCounts;
  }

  /** What came before was warming up. */
  async forgetLatencies(): Promise<void> {
    await this.#ask('forget');
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  async #ask(what: 'counts' | 'forget'): Promise<unknown> {
    const answer = this.#answer();
    this.#child.send(what);
    return await answer;
  }

  async #answer(): Promise<unknown> {
    const over = new AbortController();
    const { signal } = over;
    const ended = once(this.#child, 'exit', { signal }).then(([code]) => {
      throw new Error(`the reader of the windows ended with ${code}`);
    });
    try {
      return (await Promise.race([once(this.#child, 'message', { signal }), ended]))[0];
    } finally {
      over.abort();
      ended.catch(() => {});
    }
  }
}
