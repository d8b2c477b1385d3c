/** The newest whole lines of a stream of text, a bounded number of them. */
export class LineTail {
  readonly #linesMax: number;
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #lines: string[] = [];
  #open = '';

  constructor(linesMax: number, onLine?: (line: string) => void) {
    this.#linesMax = linesMax;
    this.#onLine = onLine;
  }

  /** Takes in text as it comes, in pieces of any size. */
  push(text: string): void {
    const lines = (this.#open + text).split('\n');
    this.#open = (lines.pop() ?? '').slice(-100_000);
    for (const line of lines) {
      this.#lines.push(line);
      this.#onLine?.(line);
    }
    this.#lines.splice(0, this.#lines.length - this.#linesMax);
  }

  /** @returns the newest lines, oldest first; one that is not ended yet counts. */
  lines(): string[] {
    return this.#open === '' ? [...this.#lines] : [...this.#lines, this.#open];
  }
}
