import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SUPERVISOR = fileURLToPath(new URL('./supervisor.ts', import.meta.url));
/** A supervisor is up in a fifth of a second, on a drowned host in many seconds. */
const READY_MS = 60_000;
const RESTART_MS_MIN = 100;
const RESTART_MS_MAX = 5_000;

/** What a supervision is made from. */
export interface SupervisionOptions {
  /** The agent's own state directory. */
  directory: string;
  /** Told when it ended without being asked (`false`), and when it is up again (`true`). */
  onChange: (isUp: boolean) => void;
}

/** Starts the supervisor and keeps it running until stopped. */
export class Supervision {
  readonly #options: SupervisionOptions;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #restartMs = RESTART_MS_MIN;
  #isStopping = false;

  constructor(options: SupervisionOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the supervisor watches. @throws Error when it does not within 60 s */
  async start(): Promise<void> {
    const { directory } = this.#options;
    // A session of its own: what ends the agent's process group must not end its supervisor.
    const child = spawn(process.execPath, [SUPERVISOR, directory, String(process.pid)], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child = child;
    child.stdin?.on('error', () => {});
    child.once('exit', () => this.#exited(child));
    await ready(child);
    this.#restartMs = RESTART_MS_MIN;
    child.unref();
  }

  /** Tell the supervisor that the agent stops by itself, and wait for its end. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const exited = once(child, 'exit');
    child.stdin?.end('stop\n');
    await exited;
  }

  #exited(child: ChildProcess): void {
    if (this.#isStopping || child !== this.#child) return;
    this.#child = undefined;
    this.#options.onChange(false);
    this.#again();
  }

  #again(): void {
    this.#restart = setTimeout(() => {
      this.start().then(
        () => this.#options.onChange(true),
        () => {
          if (!this.#isStopping && this.#child === undefined) this.#again();
        },
      );
    }, this.#restartMs);
    this.#restart.unref();
    this.#restartMs = Math.min(RESTART_MS_MAX, this.#restartMs * 2);
  }
}

/** Its first word is that it watches. */
async function ready(child: ChildProcess): Promise<void> {
  const signal = AbortSignal.timeout(READY_MS);
  const ended = new AbortController();
  const gone = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`the supervisor ended with code ${String(code)} instead of watching`);
  });
  try {
    if (child.stdout) await Promise.race([once(child.stdout, 'data', { signal }), gone]);
  } finally {
    ended.abort();
    gone.catch(() => {});
  }
}
