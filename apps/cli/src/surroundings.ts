import type { Readable, Writable } from 'node:stream';

/** Where results are written: a terminal, a pipe, a file. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean;
  /** Characters a line, and lines; only of a terminal, and they change with a `resize` event. */
  readonly columns?: number;
  readonly rows?: number;
};

/** Where keys come from, when it is a terminal. */
export type KeyStream = Readable & {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
};

/** What a command may touch of its process; `main.ts` alone takes it from there. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Root of the clone. */
  readonly root: string;
  /** Writes results: whole lines, without the newline. */
  readonly print: (line: string) => void;
  /** Writes progress and errors. */
  readonly complain: (line: string) => void;
  /** What `print` writes to, for a command that minds how fast its reader reads. */
  readonly stdout: OutputStream;
  /** Opened only by a command that reads keys: an open stdin keeps a process alive. */
  readonly openKeys: () => KeyStream;
  /** Aborted by the first Ctrl-C (or SIGTERM); commands that wait then end. */
  readonly signal: AbortSignal;
}
