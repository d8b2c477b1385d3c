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
  /** So many ticks from the start do not count: the compiler is still at work. */
  warmTicks: number;
  /** Requests a second until the start, which still hold what they held; default 0. */
  ratePerSecondBefore?: number | undefined;
  /** Requests a second, one tick after the other. */
  rates: readonly number[];
}

/** What came of a run. */
export interface HeapLoadTally {
  arrived: number;
  /** Gave up after a second; all of them where it ran out of memory. */
  rejected: number;
  /** From a request's arrival to the end of its service, 99th percentile, ms. */
  delayMsP99: number;
  /** How long it waited for a core while a request was there, 99th percentile, ms. */
  lagMsP99: number;
}

/** The program of the lab as it was compiled. */
export interface CompiledLoad {
  folder: string;
  [Symbol.asyncDispose](): Promise<void>;
}

const source = fileURLToPath(new URL('heap-load.java', import.meta.url));
/** Longest a JVM may take until it is ready, and until it has ended, ms. */
const patienceMs = 30_000;
/** Printed lines that are kept. */
const saidMax = 100;

/** One short file: half the time of a core without optimised code and a parallel collector. */
const quickJavac = ['-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC', '-proc:none'];

/** Compiles the program into a temporary folder. @throws where there is no `javac` */
export async function compileLoad(): Promise<CompiledLoad> {
  const folder = await mkdtemp(join(tmpdir(), 'levitate-heap-load-'));
  const flags = [...quickJavac, '-d', folder, source];
  await promisify(execFile)('javac', flags, { timeout: 4 * patienceMs });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** A JVM of the lab, which ends with the process that started it. */
export class LoadJvm {
  readonly pid: number;
  /** What it has printed, such as where an agent listens; the first lines. */
  readonly said: string[] = [];
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  private constructor(child: ChildProcess, pid: number, lines: Interface) {
    this.#child = child;
    this.pid = pid;
    this.#lines = lines;
    lines.on('line', (line) => this.said.length < saidMax && this.said.push(line));
  }

  /**
   * @param options of `java`, such as `-XX:+UseZGC` and `-Xmx256m`
   * @param name by which it can be told from others: `HeapLoad name` is its command
   */
  static async start(
    load: CompiledLoad,
    options: readonly string[],
    name?: string,
  ): Promise<LoadJvm> {
    const command = name === undefined ? ['HeapLoad'] : ['HeapLoad', name];
    const child = spawn('java', [...options, '-cp', load.folder, ...command], {
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
    const { seed, baseBytes, requestBytes, heldBytes, heldMs, tickMs, warmTicks, rates } = load;
    const sizes = [baseBytes, requestBytes, heldBytes, heldMs].map(Math.round);
    const before = load.ratePerSecondBefore ?? 0;
    const numbers = [seed, ...sizes, tickMs, warmTicks, before, ...rates];
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

  /** The next line that is it. */
  async #line(isIt: (line: string) => boolean, signal: AbortSignal): Promise<string> {
    let hear: (line: string) => void = () => {};
    let stop = () => {};
    try {
      return await new Promise((resolve, reject) => {
        hear = (line) => isIt(line) && resolve(line);
        stop = () => reject(new Error(`the JVM ${this.pid} has ended, or takes too long`));
        this.#lines.on('line', hear);
        this.#child.once('exit', stop);
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      });
    } finally {
      this.#lines.off('line', hear);
      this.#child.off('exit', stop);
      signal.removeEventListener('abort', stop);
    }
  }
}
