import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contracts } from '@levitate/contracts';
import { type Client, connect } from '@levitate/grpc-kit';
import {
  BorrowedSocket,
  connectionsOfPort,
  createNamespace,
  deleteNamespace,
  QdiscTable,
  readSysctl,
} from '@levitate/kernel';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const CRASH_POINTS = new URL('./crash-points.ts', import.meta.url).href;
const TBF = ['tbf', 'rate', '100mbit', 'burst', '16k', 'limit', '60000'];
const SYSCTL = 'net.ipv4.tcp_wmem';
/** Both ends of a connection; the accepting one is what the agent drives. */
const PEERS = `
  const net = require('node:net');
  const server = net.createServer(() => {}).listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    net.connect(port, '127.0.0.1', () => process.send(port));
  });
`;

/** The client of an agent. */
export type AgentClient = Client<NonNullable<typeof contracts.ebpfAgent.methods>>;

/** An agent as a process. */
export interface AgentProcess {
  child: ChildProcess;
  client: AgentClient;
}

/** Where an agent keeps its state, and the environment it gets. */
export interface AgentPlace {
  folder: string;
  environment: NodeJS.ProcessEnv;
}

/** Who dies at which of its steps; without a step nobody does. */
export interface CrashPlan {
  role: 'agent' | 'supervisor';
  step?: number | undefined;
  /** Whether the supervisor dies with the agent. */
  both?: boolean | undefined;
  /** File that takes a line for each step. */
  log?: string | undefined;
}

/** Links of the lab, each driven by another actuator. */
export const labLinks = ['queue', 'parameter', 'connection'] as const;

/**
 * A namespace with a tbf, a kernel parameter of its own and a connection of another process, and
 * agents that drive the three.
 */
export class CrashLab {
  readonly #netns: string;
  readonly #peers: ChildProcess;
  readonly #port: number;

  static async open(netns: string): Promise<CrashLab> {
    deleteNamespace(netns);
    createNamespace(netns);
    const ip = (...args: string[]) => execFileSync('ip', ['-n', netns, ...args]);
    ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
    ip('link', 'set', 'v0', 'up');
    const where = ['-n', netns, 'qdisc', 'add', 'dev', 'v0', 'root', 'handle', '1:'];
    execFileSync('tc', [...where, ...TBF]);
    const inside = ['--net=/run/netns/'.concat(netns), process.execPath, '-e', PEERS];
    const peers = spawn('nsenter', inside, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [port] = (await once(peers, 'message')) as [number];
    // The accepting end comes a moment after the connecting one.
    while (connectionsOfPort(port, netns).length === 0) await new Promise(setImmediate);
    return new CrashLab(netns, peers, port);
  }

  private constructor(netns: string, peers: ChildProcess, port: number) {
    this.#netns = netns;
    this.#peers = peers;
    this.#port = port;
  }

  /** The settings of the host as they are, by link. */
  settings(): Record<(typeof labLinks)[number], unknown> {
    using table = QdiscTable.open({ netns: this.#netns });
    const queue = table.dump().find((one) => one.interface === 'v0')?.limitBytes;
    const [inode = 0] = connectionsOfPort(this.#port, this.#netns);
    using socket = BorrowedSocket.find(inode, [this.#peers.pid ?? 0]);
    return { queue, parameter: readSysctl(SYSCTL, this.#netns), connection: socket?.read() };
  }

  /** Write the configuration of an agent whose state is in this folder. */
  configure(folder: string): void {
    const place = { interface: 'v0', netns: this.#netns };
    const links = [
      { name: 'queue', ...place, actuators: ['qdisc'] },
      { name: 'parameter', ...place, actuators: ['sysctl'], sysctl: SYSCTL },
      { name: 'connection', ...place, actuators: ['socket-buffers'], socket_port: this.#port },
    ];
    const what = { kernel: 'real', links, ebpf: 'off' };
    const config = { ...what, lock_directory: folder, log_level: 'error' };
    writeFileSync(join(folder, 'agent.yaml'), JSON.stringify(config));
  }

  async close(): Promise<void> {
    const exited = once(this.#peers, 'exit');
    if (this.#peers.kill('SIGKILL')) await exited;
    deleteNamespace(this.#netns);
  }
}

/**
 * Start the real agent on the state of a folder.
 * @returns `undefined` where it dies before it serves
 */
export async function startAgentProcess(
  { folder, environment }: AgentPlace,
  plan?: CrashPlan,
): Promise<AgentProcess | undefined> {
  const ports = ['--listen', '127.0.0.1:0', '--ops-listen', '127.0.0.1:0'];
  const arguments_ = ['--config', join(folder, 'agent.yaml'), '--state-directory', folder];
  const options = plan === undefined ? '' : `--import=${crashPoints(plan)}`;
  const child = spawn(process.execPath, [MAIN, ...arguments_, ...ports], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // The supervisor inherits it.
    env: { ...environment, NODE_OPTIONS: options },
  });
  const ended = new AbortController();
  const exited = once(child, 'exit', { signal: ended.signal }).then(
    () => undefined,
    () => undefined,
  );
  const serving = once(child, 'message', { signal: ended.signal }).catch(() => undefined);
  const message = (await Promise.race([serving, exited])) as [{ listen: string }] | undefined;
  ended.abort();
  if (message === undefined) return undefined;
  return { child, client: connect(contracts.ebpfAgent, { address: message[0].listen }) };
}

/** Originals that the record of a folder holds. */
export function recordedOriginals(folder: string): { detail: { link: string } }[] {
  const path = join(folder, 'ebpf-agent', 'originals.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).originals : [];
}

/** Supervisors of the agents of a folder, by their command line. */
export function supervisorsOf(folder: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      // That of a process that is dead and not reaped yet is empty.
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return commandLine.includes('supervisor.ts') && commandLine.includes(folder);
    } catch {
      return false; // It ended meanwhile.
    }
  });
}

function crashPoints({ role, step, both, log }: CrashPlan): string {
  const url = new URL(CRASH_POINTS);
  url.searchParams.set('role', role);
  if (step !== undefined) url.searchParams.set('step', `${step}`);
  if (both) url.searchParams.set('both', '1');
  if (log !== undefined) url.searchParams.set('log', log);
  return url.href;
}
