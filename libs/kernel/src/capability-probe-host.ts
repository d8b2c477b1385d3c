import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import { release } from 'node:os';
import { delimiter, join } from 'node:path';
import { attempt, type Capability, type CapabilityName } from './capability.ts';

/** `NETLINK_EXT_ACK` and everything else that is required are older than this. */
const KERNEL_MIN = '4.14';
const COMMAND_TIMEOUT_MS = 5_000;
/** Debian keeps `ip` and `tc` where an ordinary user's PATH does not look. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin'];

/** Bits of `linux/capability.h`, and what is lost without each that is not required. */
const PROCESS_CAPABILITIES: [CapabilityName, number, string | undefined][] = [
  ['cap-net-admin', 12, undefined],
  ['cap-sys-admin', 21, undefined],
  ['cap-bpf', 39, 'for BPF maps and programs (CAP_SYS_ADMIN covers it)'],
  ['cap-perfmon', 38, 'for BPF programs on tracepoints (CAP_SYS_ADMIN covers it)'],
  ['cap-sys-ptrace', 19, 'for the socket buffers of other processes'],
];

/** The system, and what this process may do on it. */
export function hostCapabilities(): Capability[] {
  return [linux(), ...PROCESS_CAPABILITIES.map(processCapability)];
}

/** The programs beside us. They are looked for, and asked for their version. */
export function toolCapabilities(): Capability[] {
  return [
    tool('ip', ['-V'], 'apt-get install iproute2'),
    tool('tc', ['-V'], 'apt-get install iproute2'),
    tool('bpftool', ['version'], 'only to look at BPF by hand: apt-get install bpftool'),
    // Asked by its path alone: to start it takes longer than all the rest together.
    tool('clang', undefined, 'only to build the BPF programs anew: apt-get install clang'),
  ];
}

function linux(): Capability {
  return attempt({
    name: 'linux',
    isRequired: true,
    fix: `use Linux ${KERNEL_MIN} or newer for the real kernel`,
    look: () => {
      const found = `${process.platform} ${release()}`;
      const isNew = compareVersions(release(), KERNEL_MIN) >= 0;
      if (process.platform !== 'linux' || !isNew) throw new Error(found);
      return found;
    },
  });
}

function compareVersions(left: string, right: string): number {
  const numbers = (text: string) => text.split(/[^0-9]+/).map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}

function processCapability([name, bit, use]: (typeof PROCESS_CAPABILITIES)[number]): Capability {
  const constant = name.replaceAll('-', '_').toUpperCase();
  return attempt({
    name,
    isRequired: use === undefined,
    fix: `run as root, or grant ${constant}${use === undefined ? '' : `, ${use}`}`,
    look: () => {
      const effective = effectiveCapabilities();
      if (((BigInt(`0x${effective}`) >> BigInt(bit)) & 1n) === 0n) {
        throw new Error(`CapEff ${effective}`);
      }
      return `CapEff ${effective}`;
    },
  });
}

function effectiveCapabilities(): string {
  let status: string;
  try {
    status = readFileSync('/proc/self/status', 'utf8');
  } catch {
    throw new Error('no /proc/self/status here');
  }
  return /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
}

function tool(
  name: 'ip' | 'tc' | 'bpftool' | 'clang',
  versionArguments: string[] | undefined,
  fix: string,
): Capability {
  return attempt({
    name,
    isRequired: name === 'ip' || name === 'tc',
    fix,
    look: () => {
      const path = findProgram(name);
      if (path === undefined) throw new Error('not found');
      const version = versionArguments === undefined ? realpathSync(path) : '';
      return `${path} (${version || versionOf(path, versionArguments ?? [])})`;
    },
  });
}

function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The first version number the program prints; that it prints none is no reason to go without. */
function versionOf(path: string, args: string[]): string {
  const printed = execFileSync(path, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_TIMEOUT_MS,
    maxBuffer: 65_536,
    encoding: 'utf8',
  });
  return /\d+\.\d+(\.\d+)?/.exec(printed)?.[0] ?? 'version not told';
}
