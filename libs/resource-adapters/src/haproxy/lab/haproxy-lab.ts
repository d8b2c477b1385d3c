import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HaproxySource } from '../haproxy-address.ts';
import { RuntimeApi } from '../runtime-api.ts';
import { LabServer, type LabServerOptions } from './lab-server.ts';

/** One server of a lab. */
export interface LabServerSettings extends LabServerOptions {
  /** In HAProxy's configuration, 1 to 256. */
  weight: number;
}

/** What of HAProxy's configuration is the lab's caller's. */
export interface LabSettings {
  servers: readonly LabServerSettings[];
  /** Default `leastconn`. */
  balance?: 'leastconn' | 'roundrobin' | undefined;
  /** Between health checks, ms; default 200; 0: none. */
  checkEveryMs?: number | undefined;
  /** More words for the lines of single servers, by their index: `disabled`. */
  serverWords?: Readonly<Record<number, string>> | undefined;
  /** Level of the runtime API's socket; default `admin`. */
  level?: 'admin' | 'operator' | 'user' | undefined;
}

/** Where the kernel can see to it, it ends even with a lab whose process is killed. */
const diesWithUs = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL'] : [];
/** How long HAProxy may take to start, ms. */
const startMs = 5_000;

/**
 * A real HAProxy before real HTTP servers whose speed can be set, for tests and benches. All of it
 * is on loopback and in a temporary folder, and ends with `stop`. Servers are called `s1`, `s2`...
 */
export class HaproxyLab {
  readonly backend = 'lab';
  readonly servers: LabServer[];
  readonly #folder: string;
  readonly #program: string;
  #settings: LabSettings;
  #haproxy: ChildProcess | undefined;

  private constructor(of: {
    servers: LabServer[];
    folder: string;
    program: string;
    settings: LabSettings;
  }) {
    this.servers = of.servers;
    this.#folder = of.folder;
    this.#program = of.program;
    this.#settings = of.settings;
  }

  /**
   * @param settings.program default `haproxy`, of the search path and `/usr/sbin`
   * @param settings.folder whose sockets have names that are known before; default a temporary one
   * @throws Error with HAProxy's own words when it does not start
   */
  static async start({
    program = 'haproxy',
    folder: given,
    ...settings
  }: LabSettings & {
    program?: string | undefined;
    folder?: string | undefined;
  }): Promise<HaproxyLab> {
    const folder = given ?? (await mkdtemp(join(tmpdir(), 'levitate-haproxy-')));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const servers = await Promise.all(settings.servers.map((each) => LabServer.start(each)));
    const lab = new HaproxyLab({ servers, folder, program, settings });
    try {
      await lab.run();
    } catch (error) {
      await lab.stop();
      throw error;
    }
    return lab;
  }

  /** Where the runtime API of HAProxy listens. */
  get source(): HaproxySource & { address: { path: string } } {
    return { address: { path: join(this.#folder, 'api.sock') }, backend: this.backend };
  }

  /** Where HAProxy takes requests: the path of a Unix socket. */
  get frontPath(): string {
    return join(this.#folder, 'front.sock');
  }

  /** Start HAProxy, after it was killed, with other settings where some are given. */
  async run(settings: Partial<LabSettings> = {}): Promise<void> {
    this.#settings = { ...this.#settings, ...settings };
    const file = join(this.#folder, 'haproxy.cfg');
    await writeFile(file, this.#configuration());
    const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
    const command = [this.#program, '-db', '-f', file];
    const [program = '', ...flags] = [...diesWithUs, ...command];
    const haproxy = spawn(program, flags, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, PATH: path },
    });
    this.#haproxy = haproxy;
    let said = '';
    haproxy.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-2_000);
    });
    const failed = new Promise<never>((_, reject) => {
      haproxy.once('error', (cause) => reject(new Error(missing(cause), { cause })));
      haproxy.once('exit', () => reject(new Error(`haproxy does not start: ${said}`)));
    });
    failed.catch(() => {});
    endWithUs(haproxy);
    await Promise.race([this.#answers(), failed]);
  }

  /** Kill HAProxy as a crash would. */
  async crash(): Promise<void> {
    const haproxy = this.#haproxy;
    if (haproxy === undefined || haproxy.exitCode !== null || haproxy.signalCode !== null) return;
    if (haproxy.pid === undefined) return;
    const exit = once(haproxy, 'exit');
    haproxy.kill('SIGKILL');
    await exit;
  }

  /** Hold HAProxy up, or let it go on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#haproxy?.kill(name);
  }

  /** End everything; nothing of it stays. */
  async stop(): Promise<void> {
    await this.crash();
    await Promise.all(this.servers.map((server) => server.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    const api = new RuntimeApi(this.source);
    const deadline = AbortSignal.timeout(startMs);
    for (;;) {
      try {
        await api.ask(['show info'], deadline);
        return;
      } catch (cause) {
        if (deadline.aborted) throw new Error(`haproxy is silent for ${startMs} ms`, { cause });
        await delay(10);
      }
    }
  }

  #configuration(): string {
    const { balance = 'leastconn', checkEveryMs = 200, level = 'admin' } = this.#settings;
    const check = checkEveryMs > 0 ? ` check inter ${checkEveryMs}ms rise 1 fall 2` : '';
    const lines = this.#settings.servers.map(({ weight }, index) => {
      const words = this.#settings.serverWords?.[index] ?? '';
      const port = this.servers[index]?.port ?? 1;
      return `  server s${index + 1} 127.0.0.1:${port} weight ${weight}${check} ${words}`;
    });
    return `global
  stats socket ${this.source.address.path} mode 600 level ${level}
  maxconn 4000
  nbthread 1
defaults
  mode http
  option redispatch 1
  retries 2
  timeout check 2s
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout queue 1s
  timeout http-keep-alive 60s
frontend front
  bind ${this.frontPath}
  default_backend ${this.backend}
backend ${this.backend}
  balance ${balance}
  ${checkEveryMs > 0 ? 'option httpchk GET /health' : ''}
${lines.join('\n')}
`;
  }
}

const running = new Set<ChildProcess>();

/** No HAProxy outlives a lab whose process ends early. */
function endWithUs(haproxy: ChildProcess): void {
  if (running.size === 0) process.once('exit', killAll);
  running.add(haproxy);
  haproxy.once('exit', () => {
    running.delete(haproxy);
    if (running.size === 0) process.off('exit', killAll);
  });
}

function killAll(): void {
  for (const haproxy of running) haproxy.kill('SIGKILL');
}

function missing(cause: Error): string {
  return `haproxy cannot be run (${cause.message}); on Debian: apt-get install haproxy`;
}
