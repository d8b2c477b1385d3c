import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { serviceNodeArguments } from '@levitate/service-kit';
import { LineTail } from './line-tail.ts';

/** How one part of `levitate dev` is started. */
export interface PartSpec {
  readonly name: string;
  /** Script and arguments. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes each line that it writes. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Takes each message that it sends, the one that it is ready included. */
  readonly onMessage?: ((message: unknown) => void) | undefined;
  /** Called when it is ready again after a death. */
  readonly onReady: (part: Part, readyAfterMs: number) => void;
  /** Called when it died without being told to. */
  readonly onDeath: (part: Part, death: { why: string; restartInMs: number }) => void;
}

/** A part that did not get ready; the text says why, with the last lines it wrote. */
export class PartFailure extends Error {
  constructor(name: string, why: string, lines: readonly string[]) {
    const tail = lines.length > 0 ? `; it wrote:\n${lines.join('\n')}` : '';
    super(`${name} did not start: ${why}${tail}`);
    this.name = 'PartFailure';
  }
}

const readyTimeoutMs = 60_000;
const stopTimeoutMs = 12_000;
const backoffMsMin = 500;
const backoffMsMax = 10_000;
/** A part that ran this long has recovered; its next death is a first one again. */
const soundMs = 30_000;
const linesKept = 20;

/**
 * One process of `levitate dev`. It is in a process group of its own, so that a Ctrl-C of the
 * terminal does not reach it before it is its turn, and it holds an IPC channel, whose end tells it
 * that `levitate dev` is gone. A death is told and answered by a restart, later each time.
 */
export class Part {
  readonly name: string;
  readonly #spec: PartSpec;
  #child: ChildProcess | undefined;
  #tail = new LineTail(linesKept);
  #isStopping = false;
  #backoffMs = backoffMsMin;
  #restart: NodeJS.Timeout | undefined;

  constructor(spec: PartSpec) {
    this.name = spec.name;
    this.#spec = spec;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts it and waits for its word that it is ready.
   * @returns what it said
   * @throws PartFailure when it ends before, or says nothing for a minute
   */
  async start(): Promise<Record<string, unknown>> {
    const startedMs = performance.now();
    const child = this.#spawn();
    const message = await this.#ready(child);
    child.on('exit', (code, signal) => {
      if (this.#isStopping) return;
      const why = signal === null ? `exit code ${code}` : `signal ${signal}`;
      this.#died(why, performance.now() - startedMs);
    });
    return message;
  }

  /** Asks it to end, and ends it when it does not. @returns whether it ended by itself */
  async stop(): Promise<boolean> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return true;
    // Its last words may come after its end.
    const hush = child.connected ? once(child, 'disconnect') : undefined;
    const ended = Promise.all([once(child, 'exit'), hush]);
    child.kill('SIGTERM');
    let isKilled = false;
    const timer = setTimeout(() => {
      isKilled = true;
      child.kill('SIGKILL');
    }, stopTimeoutMs);
    await ended;
    clearTimeout(timer);
    return !isKilled;
  }

  #spawn(): ChildProcess {
    const child = spawn(process.execPath, [...serviceNodeArguments, ...this.#spec.args], {
      env: { ...this.#spec.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.#child = child;
    const { onMessage } = this.#spec;
    if (onMessage !== undefined) child.on('message', onMessage);
    this.#tail = new LineTail(linesKept, this.#spec.onLine);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#tail.push(text));
    }
    return child;
  }

  #ready(child: ChildProcess): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const settle = (failure: string | undefined, message?: Record<string, unknown>): void => {
        clearTimeout(timer);
        child.off('message', onMessage).off('close', onClose).off('error', onError);
        if (failure === undefined) resolve(message ?? {});
        else reject(new PartFailure(this.name, failure, this.#tail.lines()));
      };
      const onMessage = (message: unknown): void => {
        if (isReadyMessage(message)) settle(undefined, message);
      };
      const onClose = (code: number | null, signal: string | null): void =>
        settle(signal === null ? `it ended with exit code ${code}` : `it ended by ${signal}`);
      const onError = (error: Error): void => settle(error.message);
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        settle(`it was not ready within ${readyTimeoutMs / 1000} s`);
      }, readyTimeoutMs);
      child.on('message', onMessage).on('close', onClose).on('error', onError);
    });
  }

  #died(why: string, ranMs: number): void {
    if (ranMs >= soundMs) this.#backoffMs = backoffMsMin;
    const restartInMs = this.#backoffMs;
    this.#backoffMs = Math.min(backoffMsMax, this.#backoffMs * 2);
    this.#spec.onDeath(this, { why, restartInMs });
    this.#restart = setTimeout(() => {
      const startedMs = performance.now();
      this.start().then(
        () => this.#spec.onReady(this, performance.now() - startedMs),
        (error: Error) => {
          if (!this.#isStopping) this.#died(error.message, 0);
        },
      );
    }, restartInMs);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

function isReadyMessage(message: unknown): message is Record<string, unknown> {
  return typeof message === 'object' && message !== null && 'ready' in message;
}
