import { type CollectorBeans, collectorBeans, isRecord, sizeIn } from './jolokia-beans.ts';
import { askJolokia, type JolokiaAddress, type JolokiaQuestion } from './jolokia-client.ts';
import { type HeapFlag, heapFlags, type JvmAccess, type JvmReading } from './jvm-access.ts';
import { JvmError } from './jvm-error.ts';

/** @see Jolokia */
export interface JolokiaOptions extends JolokiaAddress {}

const diagnostic = 'com.sun.management:type=HotSpotDiagnostic';

/** What a reading is made of; options come after it. */
const questions: readonly JolokiaQuestion[] = [
  { type: 'read', mbean: 'java.lang:type=Runtime', attribute: ['Name', 'StartTime', 'Uptime'] },
  { type: 'read', mbean: 'java.lang:type=Memory', attribute: ['HeapMemoryUsage'] },
  {
    type: 'read',
    mbean: 'java.lang:type=GarbageCollector,name=*',
    attribute: ['Name', 'CollectionCount', 'CollectionTime', 'MemoryPoolNames', 'LastGcInfo'],
  },
  option('MaxHeapSize'),
  ...heapFlags.map(option),
];

/**
 * A JVM ruled by JMX over HTTP, through the Jolokia agent that its owner starts in it:
 * `-javaagent:jolokia-agent-jvm-2.2.9-javaagent.jar=host=127.0.0.1,user=...,password=...`. A look
 * is one request of seven questions. Its access policy has to allow what is asked here: read of
 * `java.lang`, `getVMOption` and `setVMOption` of `HotSpotDiagnostic`, `gc` of `Memory`.
 */
export class Jolokia implements JvmAccess {
  readonly #options: JolokiaOptions;

  constructor(options: JolokiaOptions) {
    const { url, user, passwordFile, deadlineMs = 1 } = options;
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
      throw new RangeError(`url: http://host:port/jolokia, not "${url}"`);
    }
    if ((user === undefined) !== (passwordFile === undefined)) {
      throw new RangeError('user and passwordFile: both or neither');
    }
    if (!(deadlineMs > 0)) throw new RangeError(`deadlineMs: above 0, not ${deadlineMs}`);
    this.#options = options;
  }

  async read(signal: AbortSignal): Promise<JvmReading> {
    const answers = await askJolokia(this.#options, questions, signal);
    const [runtime, memory, collectors, max, ...options] = answers.map((answer, index) => {
      if (answer.status === 200) return answer.value;
      const question = questions[index] as JolokiaQuestion;
      // A JVM that does not know a flag is none that is out of order.
      if (isOption(question) && answer.status !== 403) return undefined;
      throw new JvmError('refused', `${this.#options.url}: ${question.mbean}: ${answer.error}`);
    });
    const usage = isRecord(memory) ? memory.HeapMemoryUsage : undefined;
    const flags: JvmReading['flags'] = {};
    for (const [index, flag] of heapFlags.entries()) {
      const value = options[index] === undefined ? undefined : this.#option(options[index]);
      if (value !== undefined) flags[flag] = value;
    }
    return {
      ...this.#collectors(collectors),
      instance: this.#instance(runtime),
      uptimeMs: this.#size(runtime, 'Uptime'),
      usedBytes: this.#size(usage, 'used'),
      committedBytes: this.#size(usage, 'committed'),
      maxBytes: this.#option(max),
      flags,
    };
  }

  async setFlag(flag: HeapFlag, value: number, signal: AbortSignal): Promise<void> {
    const set = { operation: 'setVMOption', arguments: [flag, `${value}`] };
    await this.#exec({ type: 'exec', mbean: diagnostic, ...set }, signal);
  }

  async collect(signal: AbortSignal): Promise<void> {
    const gc = { operation: 'gc', arguments: [] };
    await this.#exec({ type: 'exec', mbean: 'java.lang:type=Memory', ...gc }, signal);
  }

  async #exec(question: JolokiaQuestion & { type: 'exec' }, signal: AbortSignal): Promise<void> {
    const [answer] = await askJolokia(this.#options, [question], signal);
    if (answer?.status === 200) return;
    const { operation, arguments: given } = question;
    const what = `${operation}(${given.join(', ')})`;
    const code = answer?.status === 403 ? 'refused' : 'not-manageable';
    throw new JvmError(code, `${what} at ${this.#options.url}: ${answer?.error}`);
  }

  #instance(runtime: unknown): string {
    const name = isRecord(runtime) ? runtime.Name : undefined;
    const startMs = this.#size(runtime, 'StartTime');
    if (typeof name !== 'string') throw this.#garbage('a Runtime without a Name');
    // pid@host, as HotSpot names itself.
    return `${name.split('@')[0]}@${startMs}`;
  }

  #collectors(value: unknown): CollectorBeans {
    const beans = collectorBeans(value);
    if (beans === undefined) throw this.#garbage('no garbage collector that is known');
    return beans;
  }

  #option(value: unknown): number {
    return this.#size(value, 'value');
  }

  #size(value: unknown, name: string): number {
    const size = sizeIn(value, name);
    if (size === undefined) throw this.#garbage(`a size "${name}" that is none`);
    return size;
  }

  #garbage(what: string): JvmError {
    return new JvmError('garbage', `${this.#options.url} answers with ${what}`);
  }
}

function option(name: string): JolokiaQuestion {
  return { type: 'exec', mbean: diagnostic, operation: 'getVMOption', arguments: [name] };
}

function isOption(question: JolokiaQuestion): boolean {
  return question.type === 'exec' && question.operation === 'getVMOption';
}
