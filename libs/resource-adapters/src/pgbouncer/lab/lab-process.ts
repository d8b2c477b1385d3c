import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Who PostgreSQL and PgBouncer run as: both refuse to run as root. */
export interface LabUser {
  uid: number;
  gid: number;
}

/** @see LabProcess */
export interface LabCommand {
  program: string;
  flags: readonly string[];
  /** Ends it at once when this process is gone, and when the lab is closed. */
  endSignal: 'TERM' | 'QUIT';
}

/** Debian keeps the server's programs off the search path, one folder a version. */
const folders = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
  ...[15, 16, 17, 18, 14].map((version) => `/usr/lib/postgresql/${version}/bin`),
];
const waitMsMax = 20_000;

/** A server of the lab: its own user, its own lifetime, never longer than ours. */
export class LabProcess {
  readonly #command: LabCommand;
  #child: ChildProcess | undefined;
  #said = '';

  constructor(command: LabCommand) {
    this.#command = command;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.#command.program} was not started`);
    return pid;
  }

  get isRunning(): boolean {
    const child = this.#child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** @param isReady asked until it says so @throws Error with what the program said last */
  async start(isReady: () => Promise<boolean>): Promise<void> {
    const { program, flags, endSignal } = this.#command;
    this.#said = '';
    const dieWithUs = ['--pdeathsig', endSignal];
    const child = spawn('setpriv', [...identity(), ...dieWithUs, find(program), ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    });
    this.#child = child;
    child.on('error', (cause) => {
      this.#said += cause.message;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        this.#said = (this.#said + bytes.toString()).slice(-2_000);
      });
    }
    const untilMs = performance.now() + waitMsMax;
    while (!(await isReady())) {
      if (!this.isRunning || performance.now() > untilMs) {
        await this.kill('KILL');
        throw new Error(`${program} did not come up: ${this.#said.trim()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** To what still runs: its process id may be somebody else's after that. */
  signal(name: 'STOP' | 'CONT' | 'HUP'): void {
    if (this.isRunning) process.kill(this.pid, `SIG${name}`);
  }

  /** @returns once it is gone */
  async kill(name: 'KILL' | 'TERM' | 'QUIT' = this.#command.endSignal): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.isRunning || child.pid === undefined) return;
    const exit = once(child, 'exit');
    child.kill(`SIG${name}`);
    child.kill('SIGCONT');
    await exit;
  }
}

/** Run a program of the lab to its end. @throws Error with what it said */
export async function runLabProgram(program: string, flags: readonly string[]): Promise<void> {
  await promisify(execFile)('setpriv', [...identity(), find(program), ...flags]);
}

/** Let the lab's own user write there. */
export function giveToLabUser(path: string): void {
  const user = labUser();
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}

/** Neither server takes port 0; between this and its start another may take the port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function identity(): string[] {
  const user = labUser();
  if (user === undefined) return [];
  return ['--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups'];
}

let knownUser: LabUser | undefined;

/** Undefined: we are not root ourselves, and may not be anybody else. */
function labUser(): LabUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: 'pipe' }));
  knownUser ??= { uid: id('-u'), gid: id('-g') };
  return knownUser;
}

function find(program: string): string {
  const folder = folders.find((each) => each !== '' && existsSync(join(each, program)));
  if (folder !== undefined) return join(folder, program);
  const from = program === 'pgbouncer' ? 'pgbouncer' : 'postgresql';
  throw new Error(`${program} is not installed; on Debian: apt-get install ${from}`);
}
