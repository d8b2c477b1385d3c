import type { KeyStream, OutputStream } from '../surroundings.ts';

/** The other screen, no cursor, and no line that wraps: wide characters count as one here. */
const alternateScreen = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const formerScreen = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';
/** q, and what Ctrl-C and Ctrl-D send. */
const leavingKeys = ['q', 'Q', '\u0003', '\u0004'];

/** @see Screen */
export interface ScreenOptions {
  readonly stdout: OutputStream;
  readonly keys: KeyStream;
  /** Called for `q` and Ctrl-C, which a terminal in raw mode no longer turns into a signal. */
  readonly onQuit: () => void;
  /** Called when the terminal has another size. */
  readonly onResize: () => void;
}

/** A terminal's other screen, drawn in place; `close` brings back what was there before. */
export class Screen {
  readonly #options: ScreenOptions;
  readonly #onKeys = (keys: Buffer | string) => {
    const typed = String(keys);
    if (leavingKeys.some((key) => typed.includes(key))) this.#options.onQuit();
  };

  constructor(options: ScreenOptions) {
    this.#options = options;
    const { stdout, keys, onResize } = options;
    stdout.write(alternateScreen);
    stdout.on('resize', onResize);
    if (keys.isTTY) keys.setRawMode?.(true);
    keys.on('data', this.#onKeys);
    keys.resume();
  }

  /** Columns and lines of the terminal, 80 and 24 where it does not say. */
  get size(): { readonly columns: number; readonly lines: number } {
    const { columns, rows } = this.#options.stdout;
    return { columns: columns || 80, lines: rows || 24 };
  }

  /** What puts lines over those drawn before: nothing flickers, nothing scrolls. */
  text(lines: readonly string[]): string {
    return home + lines.map((line) => line + clearLine).join('\r\n') + clearBelow;
  }

  close(): void {
    const { stdout, keys, onResize } = this.#options;
    stdout.off('resize', onResize);
    keys.off('data', this.#onKeys);
    if (keys.isTTY) keys.setRawMode?.(false);
    keys.pause();
    stdout.write(formerScreen);
  }
}
