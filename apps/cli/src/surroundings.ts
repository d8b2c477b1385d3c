/** What a command may touch of its process; `main.ts` alone takes it from there. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Root of the clone. */
  readonly root: string;
  /** Writes results: whole lines, without the newline. */
  readonly print: (line: string) => void;
  /** Writes progress and errors. */
  readonly complain: (line: string) => void;
  /** Aborted by the first Ctrl-C (or SIGTERM); commands that wait then end. */
  readonly signal: AbortSignal;
}
