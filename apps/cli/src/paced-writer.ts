import type { OutputStream } from './surroundings.ts';

/**
 * Writes at the pace of whoever reads: after each piece it waits until the stream's own buffer
 * (16 KiB) has room, so nothing piles up in it. A reader that has gone (EPIPE) is no error.
 */
export class PacedWriter {
  readonly #stream: OutputStream;
  readonly #onError: (error: NodeJS.ErrnoException) => void;
  readonly #onDrain = () => this.#wake?.();
  #wake: (() => void) | undefined;
  #isGone = false;
  #failure: Error | undefined;

  /** @param onGone called once when nobody reads any more, or writing failed */
  constructor(stream: OutputStream, onGone: () => void) {
    this.#stream = stream;
    this.#onError = (error) => {
      const isFirst = !this.#isGone;
      this.#isGone = true;
      if (error.code !== 'EPIPE') this.#failure ??= error;
      this.#wake?.();
      if (isFirst) onGone();
    };
    stream.on('error', this.#onError).on('drain', this.#onDrain);
  }

  /** Whether the stream has room for more at once. */
  get hasRoom(): boolean {
    return !this.#stream.writableNeedDrain;
  }

  /** Why nothing can be written any more, where that is not that the reader has gone. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * Writes, and waits for room after it; `signal` ends the wait, not the writing.
   * @returns whether anybody still reads; see `failure` where not
   */
  async write(text: string, signal: AbortSignal): Promise<boolean> {
    if (!this.#isGone && !this.#stream.write(text)) await this.#room(signal);
    return !this.#isGone;
  }

  /** Lets go of the stream; it stays open. */
  close(): void {
    this.#stream.off('drain', this.#onDrain);
    // An error may come when everything is over; nobody is left to care.
    this.#stream.off('error', this.#onError).on('error', () => {});
  }

  async #room(signal: AbortSignal): Promise<void> {
    while (this.#stream.writableNeedDrain && !this.#isGone && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          signal.removeEventListener('abort', done);
          this.#wake = undefined;
          resolve();
        };
        this.#wake = done;
        signal.addEventListener('abort', done, { once: true });
      });
    }
  }
}
