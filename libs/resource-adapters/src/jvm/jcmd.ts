import { readFileSync } from 'node:fs';
import { AttachSocket } from './attach-socket.ts';
import { type CollectorThread, collectorThreads, collectorTimes } from './collector-threads.ts';
import { countersFileOf, findJvm } from './find-jvm.ts';
import { type GcCounters, gcCounters } from './gc-counters.ts';
import { parseFlags, parseHeapInfo } from './heap-text.ts';
import { jcmdCommand } from './jcmd-program.ts';
import type { HeapFlag, JvmAccess, JvmReading } from './jvm-access.ts';
import { JvmError } from './jvm-error.ts';
import { parsePerfCounters } from './perf-counters.ts';
import { type ProcessFacts, processFacts } from './process-facts.ts';

/** @see Jcmd */
export interface JcmdOptions {
  /** Process id, or main class or jar of the one JVM that runs it: found again when restarted. */
  jvm: number | string;
  /**
   * `jcmd` and what stands before its process id, such as `['sudo', '-u', 'shop', 'jcmd']`.
   * Default: none is run; the JVM is spoken to over the socket that `jcmd` uses.
   */
  program?: readonly [string, ...string[]] | undefined;
  /** Longest wait for one command, ms; default 1,000, with a `program` 5,000. */
  deadlineMs?: number | undefined;
}

/** What of a JVM's settings does not change while it runs. */
interface Settings {
  instance: string;
  maxBytes: number;
  flags: Partial<Record<HeapFlag, number>>;
  /** Its performance counters; undefined under `-XX:-UsePerfData`. */
  countersFile: string | undefined;
  collectorThreads: readonly CollectorThread[];
}

/**
 * A JVM on this host, ruled by the commands of `jcmd`: Linux, as the JVM's user or as root. By its
 * socket a look takes about a millisecond; by the program `jcmd` itself 0.3 s of a core.
 *
 * How long collections take, the counters tell for pauses only; for concurrent cycles it is what
 * the scheduler says of the collector's threads.
 */
export class Jcmd implements JvmAccess {
  readonly #options: JcmdOptions;
  readonly #socket = new AttachSocket();
  /** Whom the name was found to be. */
  #found: ProcessFacts | undefined;
  #settings: Settings | undefined;

  constructor(options: JcmdOptions) {
    const { jvm, deadlineMs = 1 } = options;
    if (typeof jvm === 'number' && !(Number.isSafeInteger(jvm) && jvm > 1)) {
      throw new RangeError(`jvm: a process id is a whole number from 2, not ${jvm}`);
    }
    if (jvm === '') throw new RangeError('jvm: the name of a main class is empty');
    if (!(deadlineMs > 0)) throw new RangeError(`deadlineMs: above 0, not ${deadlineMs}`);
    this.#options = options;
  }

  async read(signal: AbortSignal): Promise<JvmReading> {
    const facts = await this.#facts();
    const { instance, maxBytes, flags, ...settings } = await this.#settingsOf(facts, signal);
    const info = parseHeapInfo(await this.#run(facts, 'GC.heap_info', signal));
    const changed = parseFlags(await this.#run(facts, 'VM.flags', signal)).flags;
    const { countersFile } = settings;
    const counters = countersFile === undefined ? undefined : countersIn(countersFile);
    const times = collectorTimes(settings.collectorThreads);
    const isWhole = info.collector === 'z' || info.collector === 'shenandoah';
    return {
      ...info,
      instance,
      maxBytes,
      flags: { ...flags, ...changed },
      uptimeMs: counters?.uptimeMs,
      collections: counters?.collections,
      collectingMs: isWhole ? times?.busyMs : counters?.pausedMs,
      collectorCpuMs: times?.cpuMs,
    };
  }

  async setFlag(flag: HeapFlag, value: number, signal: AbortSignal): Promise<void> {
    const facts = await this.#facts();
    const command = `VM.set_flag ${flag} ${value}`;
    const answer = (await this.#run(facts, command, signal)).trim();
    // The JVM says nothing where it is done, and the program puts that in words.
    if (answer === '' || /executed successfully/i.test(answer)) return;
    const why = answer.split('\n')[0]?.slice(0, 200);
    throw new JvmError('not-manageable', `${flag} is not set to ${value}: ${why}`);
  }

  async collect(signal: AbortSignal): Promise<void> {
    await this.#run(await this.#facts(), 'GC.run', signal);
  }

  /** The JVM of a name is looked for again once the one that had it has ended. */
  async #facts(): Promise<ProcessFacts> {
    const { jvm } = this.#options;
    if (typeof jvm === 'number') return processFacts(jvm);
    const before = this.#found;
    const facts = before && runningFacts(before.pid);
    // A process id is given to others again.
    if (facts !== undefined && facts.startTicks === before?.startTicks) return facts;
    this.#found = processFacts(await findJvm(jvm));
    return this.#found;
  }

  /** Asked for once in the life of a JVM. */
  async #settingsOf(facts: ProcessFacts, signal: AbortSignal): Promise<Settings> {
    const instance = `${facts.pid}@${facts.startTicks}`;
    if (this.#settings?.instance === instance) return this.#settings;
    const { maxBytes, flags } = parseFlags(await this.#run(facts, 'VM.flags -all', signal));
    if (maxBytes === undefined) {
      throw new JvmError('garbage', `VM.flags of process ${facts.pid} names no MaxHeapSize`);
    }
    const countersFile = await countersFileOf(facts);
    const threads = collectorThreads(facts.pid);
    this.#settings = { instance, maxBytes, flags, countersFile, collectorThreads: threads };
    return this.#settings;
  }

  async #run(facts: ProcessFacts, command: string, signal: AbortSignal): Promise<string> {
    const { program } = this.#options;
    const { deadlineMs = program === undefined ? 1_000 : 5_000 } = this.#options;
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    if (program === undefined) return this.#socket.run(facts, command, inTime);
    return jcmdCommand(program, { pid: facts.pid, command, signal: inTime });
  }
}

function runningFacts(pid: number): ProcessFacts | undefined {
  try {
    return processFacts(pid);
  } catch {
    return undefined;
  }
}

function countersIn(file: string): GcCounters {
  try {
    return gcCounters(parsePerfCounters(readFileSync(file)));
  } catch (cause) {
    if (cause instanceof JvmError) throw cause;
    throw new JvmError('no-such-jvm', `the counters ${file} are gone: the JVM has ended`, {
      cause,
    });
  }
}
