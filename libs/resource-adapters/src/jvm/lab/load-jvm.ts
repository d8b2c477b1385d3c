import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a run of requests does to a heap. Sizes are bytes. */
export interface HeapLoad {
  seed: number;
  /** There without any request; at most 2 GiB. */
  baseBytes: number;
  /** Allocated by a request. */
  requestBytes: number;
  /** Of them held for an exponential time. */
  heldBytes: number;
  /** Mean of that time. */
  heldMs: number;
  tickMs: number;
  /** Requests a second, one tick after the other. */
  rates: readonly number[];
}

/** What came of a run. */
export interface HeapLoadTally {
  arrived: number;
  /** Gave up after a second. */
  rejected: number;
  /** From a request's arrival to the end of its service, 99th percentile, ms. */
  delayMsP99: number;
}

/** The program of the lab as it was compiled. */
export interface CompiledLoad {
  folder: string;
  [Symbol.asyncDispose](): Promise<void>;
}

const source = fileURLToPath(new URL('heap-load.java', import.meta.url));
/** Longest a JVM may take until it is ready, and until it has ended, ms. */
const patienceMs = 30_000;

/** Compiles the program into a temporary folder. @throws where there is no `javac` */
export async function compileLoad(): Promise<CompiledLoad> {
  const folder = await mkdtemp(join(tmpdir(), 'levitate-heap-load-'));
  await promisify(execFile)('javac', ['-d', folder, source], { timeout: 4 * patienceMs });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** A JVM of the lab, which ends with the process that started it. */
export class LoadJvm {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  private constructor(child: ChildProcess, pid: number, lines: Interface) {
    this.#child = child;
    this.pid = pid;
    this.#lines = lines;
  }

  /** @param options of `java`, such as `-XX:+UseZGC` and `-Xmx256m` */
  static async start(load: CompiledLoad, options: readonly string[]): Promise<LoadJvm> {
    const child = spawn('java', [...options, '-cp', load.folder, 'HeapLoad'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await once(child, 'spawn', { signal: AbortSignal.timeout(patienceMs) });
    const lines = createInterface({ input: child.stdout });
    const jvm = new LoadJvm(child, child.pid ?? 0, lines);
    try {
      await jvm.#line((line) => line === 'ready', AbortSignal.timeout(patienceMs));
    } catch (error) {
      await jvm.stop();
      throw error;
    }
    return jvm;
  }

  /** Serves those requests; one run at a time. */
  async play(load: HeapLoad, signal?: AbortSignal): Promise<HeapLoadTally> {
    const { seed, baseBytes, requestBytes, heldBytes, heldMs, tickMs, rates } = load;
    const numbers = [seed, baseBytes, requestBytes, heldBytes, heldMs, tickMs, ...rates];
    const deadline = AbortSignal.timeout(tickMs * rates.length + patienceMs);
    const answer = this.#line(
      (line) => line.startsWith('{'),
      signal ? AbortSignal.any([signal, deadline]) : deadline,
    );
    this.#child.stdin?.write(`play ${numbers.join(' ')}\n`);
    return JSON.parse(await answer) as HeapLoadTally;
  }

  /** @param signal `SIGKILL`: as a crash; `SIGSTOP`, `SIGCONT`: hung, and no more */
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** Ends it, however it is. */
  async stop(): Promise<void> {
    this.#lines.close();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit', { signal: AbortSignal.timeout(patienceMs) });
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #line(isIt: (line: string) => boolean, signal: AbortSignal): Promise<string> {
    const ended = new AbortController();
    const end = () => ended.abort(new Error(`the JVM ${this.pid} has ended`));
    this.#child.once('exit', end);
    try {
      const either = AbortSignal.any([signal, ended.signal]);
      for (;;) {
        const [line] = (await once(this.#lines, 'line', { signal: either })) as [string];
        if (isIt(line)) return line;
      }
    } catch (error) {
      throw ended.signal.aborted ? ended.signal.reason : error;
    } finally {
      this.#child.off('exit', end);
    }
  }
}
