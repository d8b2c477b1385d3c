import { execFileSync } from 'node:child_process';
import { createNamespace, deleteNamespace } from '../../namespace.ts';
import { interfaceIndex } from '../interface-place.ts';

/** A namespace with the pair v0 and v1: what v0 sends, v1 receives. */
export interface VethLab {
  readonly netns: string;
  readonly v0: number;
  readonly v1: number;
  /** Run a command inside, by `nsenter`, so that /sys stays as it is. @returns what it printed */
  run(command: string, ...args: string[]): string;
  /** Send UDP datagrams from v0 to v1. */
  send(count: number): void;
  close(): void;
}

/** @param name of the namespace; one of that name that an earlier run left is replaced */
export function openVethLab(name: string): VethLab {
  deleteNamespace(name);
  createNamespace(name);
  const run = (command: string, ...args: string[]) =>
    execFileSync('nsenter', [`--net=/run/netns/${name}`, command, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const ip = (text: string) => run('ip', ...text.split(' '));
  ip('link add v0 type veth peer name v1');
  ip('link set v0 up');
  ip('link set v1 up');
  ip('addr add 10.99.8.1/24 dev v0');
  ip('neigh add 10.99.8.2 lladdr 02:00:00:00:00:02 dev v0');
  const loop = 'for i in $(seq $0); do echo levitate > /dev/udp/10.99.8.2/9; done';
  return {
    netns: name,
    v0: interfaceIndex('v0', name),
    v1: interfaceIndex('v1', name),
    run,
    send: (count) => run('bash', '-c', loop, String(count)),
    close: () => deleteNamespace(name),
  };
}
