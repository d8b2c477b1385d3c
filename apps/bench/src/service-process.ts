import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { serviceNodeArguments } from '@levitate/service-kit';

/** A service of this repository, by the folder of its app. */
export type ServiceName = 'ebpf-agent' | 'telemetry' | 'predictor' | 'fsu-controller';

/** What a service is started with. */
export interface ServiceRequest {
  service: ServiceName;
  /** Its name among those that run, and of its folder; the service's own unless there are two. */
  name?: string;
  /** Keys of its configuration, as its file has them; `ops_listen` is set here. */
  config: Record<string, unknown>;
  /** Folder for its configuration, state and log. */
  directory: string;
  /** The one processor it may run on, all threads of it; any without. */
  processor?: number;
}

/** Log lines kept to explain a failure. */
const LOG_CHARACTERS_MAX = 20_000;
const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 8_000;
/** Where `ip` and `tc` are; nothing of this process's environment reaches the service. */
const TOOL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const METRICS_TIMEOUT_MS = 5_000;
const APPS = new URL('../../', import.meta.url).pathname;
/** `USER_HZ`, which Linux fixes for everything it shows to programs. */
const TICKS_PER_SECOND = 100;

/** One service as a process of its own, exactly as a user would run it. */
export class ServiceProcess {
  readonly service: ServiceName;
  /** @see ServiceRequest.name */
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #opsPort: number;
  #log = '';

  /** Start a service and wait until it says that it is ready. */
  static async start(request: ServiceRequest, signal: AbortSignal): Promise<ServiceProcess> {
    const [opsPort] = await freePorts(1);
    const started = new ServiceProcess(request, opsPort as number);
    try {
      await started.#ready(signal);
    } catch (cause) {
      await started.stop();
      throw cause;
    }
    return started;
  }

  private constructor(request: ServiceRequest, opsPort: number) {
    this.service = request.service;
    this.name = request.name ?? request.service;
    this.#opsPort = opsPort;
    const directory = join(request.directory, this.name);
    mkdirSync(directory, { recursive: true });
    const file = join(directory, 'config.yaml');
    const config = {
      ops_listen: `127.0.0.1:${opsPort}`,
      state_directory: directory,
      log_level: 'warn',
      ...request.config,
    };
    writeFileSync(file, JSON.stringify(config, null, 2)); // JSON is YAML.
    const main = join(APPS, request.service, 'src/main.ts');
    const { processor } = request;
    const pinned = processor === undefined ? [] : ['taskset', '-c', String(processor)];
    const node = [process.execPath, ...serviceNodeArguments];
    const [program = '', ...args] = [...pinned, ...node, main, '--config', file];
    this.#child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: TOOL_PATH },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-LOG_CHARACTERS_MAX);
      });
    }
  }

  /** Its process id; 0 for one that could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it said, the newest 20,000 characters. */
  get log(): string {
    return this.#log;
  }

  /** Processor time it and its children have taken so far, seconds; 0 once it has ended. */
  cpuSeconds(): number {
    const { pid } = this.#child;
    if (pid === undefined) return 0;
    return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + cpuSecondsOf(one), 0);
  }

  /** Memory that is its own at this moment, bytes; 0 once it has ended. */
  residentBytes(): number {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'latin1');
      return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
    } catch {
      return 0;
    }
  }

  /** Its metrics now, in the text format of Prometheus. */
  async metricsText(signal: AbortSignal): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${this.#opsPort}/metrics`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(METRICS_TIMEOUT_MS)]),
    });
    if (!answer.ok) throw new Error(`${this.name} answered ${answer.status} for its metrics`);
    return await answer.text();
  }

  /** Ask it to end, and after 8 s end it. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }

  async #ready(signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + READY_TIMEOUT_MS;
    for (;;) {
      signal.throwIfAborted();
      if (this.#child.exitCode !== null) {
        throw new Error(`${this.name} ended with ${this.#child.exitCode}:\n${this.#log}`);
      }
      if (await isReady(this.#opsPort)) return;
      if (performance.now() > deadline) {
        const within = `${READY_TIMEOUT_MS / 1e3} s`;
        throw new Error(`${this.name} was not ready within ${within}:\n${this.#log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Ports of the loopback interface that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    }),
  );
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
  );
  return ports;
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
      signal: AbortSignal.timeout(1_000),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Processor time of a process so far, seconds; 0 once it has ended. */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** Direct children that run, such as the agent's supervisor. */
function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
