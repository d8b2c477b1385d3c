import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNamespace, deleteNamespace } from '@levitate/kernel';
import { interfaceIndex } from '@levitate/kernel/bpf';

/** Ethernet, IPv4 and UDP headers. */
const HEADER_BYTES = 42;
const SENDER = '10.92.0.1';
const RECEIVER = '10.92.0.2';
const MAC = { out: '02:00:00:00:92:01', in: '02:00:00:00:92:02' } as const;

/** Takes connections and reads them to their end. */
const SINK = `
  const server = require('node:net').createServer((socket) => socket.resume());
  server.listen(0, '${RECEIVER}', () => console.log(server.address().port));
`;

/** What `tc -s` of the qdisc, as differences to when the bottleneck was made. */
export interface QdiscReading {
  /** Sent on, with headers. */
  bytes: number;
  packets: number;
  drops: number;
  backlog: number;
}

/** Two namespaces, a veth pair, and a token bucket on the way from one to the other. */
export class Bottleneck {
  readonly sender: string;
  readonly receiver: string;
  #server: ChildProcessByStdio<null, Readable, null> | undefined;
  #port = 0;

  /** @param name of the namespaces, `-s` and `-r` added; what an earlier run left is replaced */
  constructor(name: string) {
    this.sender = `${name}-s`;
    this.receiver = `${name}-r`;
    this.close();
    for (const netns of [this.sender, this.receiver]) {
      createNamespace(netns);
      // Nothing of its own on the wire.
      this.run(netns, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6');
    }
    const link = ['link', 'add', 'out', 'address', MAC.out, 'netns', this.sender, 'type', 'veth'];
    const peer = ['peer', 'name', 'in', 'address', MAC.in, 'netns', this.receiver];
    execFileSync('ip', [...link, ...peer]);
    this.#ip(this.sender, `address add ${SENDER}/32 dev out`);
    this.#ip(this.receiver, `address add ${RECEIVER}/32 dev in`);
    this.#ip(this.receiver, 'link set in up');
    this.#ip(this.sender, 'link set out up');
    this.#ip(this.sender, `route add ${RECEIVER} dev out`);
    this.#ip(this.sender, `neigh add ${RECEIVER} lladdr ${MAC.in} dev out`);
    this.#ip(this.receiver, `neigh add ${SENDER} lladdr ${MAC.out} dev in`);
  }

  get outIndex(): number {
    return interfaceIndex('out', this.sender);
  }

  get inIndex(): number {
    return interfaceIndex('in', this.receiver);
  }

  /** @param shape arguments of tbf: `rate 1mbit burst 3k limit 30000` */
  shape(shape: string): void {
    const place = ['dev', 'out', 'root', 'handle', '1:'];
    this.run(this.sender, 'tc', 'qdisc', 'replace', ...place, 'tbf', ...shape.split(' '));
  }

  /** Sends UDP packets of so many bytes on the wire, as fast as a shell can. */
  send(packets: number, wireBytes: number): void {
    const each = `printf '%0${wireBytes - HEADER_BYTES}d' 0 >&3`;
    const loop = `for ((i=0;i<${packets};i++)); do ${each}; done`;
    this.run(this.sender, 'bash', '-c', `exec 3>/dev/udp/${RECEIVER}/9; ${loop}`);
  }

  /** Takes TCP connections from now on; the way back to the sender is open for them alone. */
  async listen(): Promise<void> {
    if (this.#server !== undefined) return;
    this.#ip(this.receiver, `route replace ${SENDER} dev in`);
    const inside = [`--net=/run/netns/${this.receiver}`, process.execPath, '-e', SINK];
    this.#server = spawn('nsenter', inside, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(this.#server.stdout, 'data')) as [Buffer];
    this.#port = Number(port.toString());
  }

  /** Sends so many bytes over one connection, which is closed then. */
  stream(bytes: number): void {
    const target = `/dev/tcp/${RECEIVER}/${this.#port}`;
    this.run(this.sender, 'bash', '-c', `head -c ${bytes} /dev/zero > ${target}`);
  }

  /** Waits until nothing is in the queue and nothing more comes. */
  async settled(): Promise<QdiscReading> {
    for (let last = this.qdisc(); ; ) {
      await sleep(20);
      const now = this.qdisc();
      if (now.backlog === 0 && now.packets === last.packets && now.drops === last.drops) return now;
      last = now;
    }
  }

  qdisc(): QdiscReading {
    const text = this.run(this.sender, 'tc', '-s', '-j', 'qdisc', 'show', 'dev', 'out');
    const [root] = JSON.parse(text) as QdiscReading[];
    if (root === undefined) throw new Error(`no qdisc: ${text}`);
    const { bytes, packets, drops, backlog } = root;
    return { bytes, packets, drops, backlog };
  }

  /** UDP packets that arrived at a port nobody listens on. */
  arrived(): number {
    const text = this.run(this.receiver, 'cat', '/proc/net/snmp');
    const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith('Udp:'));
    return Number(values.split(' ')[names.split(' ').indexOf('NoPorts')]);
  }

  #ip(netns: string, words: string): void {
    this.run(netns, 'ip', ...words.split(' '));
  }

  /** By `nsenter`, which leaves /sys as it is. */
  run(netns: string, command: string, ...args: string[]): string {
    return execFileSync('nsenter', [`--net=/run/netns/${netns}`, command, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  close(): void {
    this.#server?.kill();
    deleteNamespace(this.sender);
    deleteNamespace(this.receiver);
  }
}
