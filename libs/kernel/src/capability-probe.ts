import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { KernelError } from './kernel-error.ts';
import { libc } from './libc.ts';
import { QdiscTable } from './qdisc-table.ts';

/** One thing this host may or may not allow. */
export interface Capability {
  name: CapabilityName;
  present: boolean;
  /** What was found. */
  detail: string;
  /** What to do about it; empty when present. */
  fix: string;
  /** Whether the real kernel path needs it; the rest is information. */
  isRequired: boolean;
}

/** Everything that is probed, in the order of the report. */
export type CapabilityName =
  | 'linux'
  | 'ffi'
  | 'netlink'
  | 'cap-net-admin'
  | 'cap-sys-admin'
  | 'ip'
  | 'tc'
  | 'network-namespaces'
  | 'tbf'
  | 'writable-sysctl'
  | 'btf';

const CAP_NET_ADMIN = 12;
const CAP_SYS_ADMIN = 21;
/** `NETLINK_EXT_ACK` and everything else used here are older than this. */
const KERNEL_MIN = '4.14';
const PROBE_TIMEOUT_MS = 5_000;
/** Debian keeps `ip` and `tc` where an ordinary user's PATH does not look. */
const WIDE_PATH = 'PATH="$PATH:/usr/sbin:/sbin"';

/**
 * Find out what this host allows, by trying where trying leaves nothing behind: namespaces and tbf
 * are tried in a namespace that ends with the process that tries.
 * Takes tens of milliseconds. Never throws.
 */
export function probeCapabilities(): Capability[] {
  return [
    linux(),
    attempt(
      'ffi',
      'koffi binds libc',
      'run `npm ci` again; koffi ships for Linux x64 and arm64',
      libc,
    ),
    attempt('netlink', 'the kernel lists qdiscs', 'needs Linux with rtnetlink', () => {
      QdiscTable.open().close();
    }),
    effective('cap-net-admin', CAP_NET_ADMIN),
    effective('cap-sys-admin', CAP_SYS_ADMIN),
    command('ip'),
    command('tc'),
    attempt(
      'network-namespaces',
      'a namespace with a veth pair was made and is gone',
      'run as root on a kernel with CONFIG_NET_NS and veth',
      () => inTrialNamespace(''),
    ),
    attempt(
      'tbf',
      'a tbf was made in a namespace and is gone',
      'run as root, `modprobe sch_tbf`',
      () =>
        inTrialNamespace(
          '&& tc qdisc add dev lvt0 root handle 1: tbf rate 8mbit burst 16k limit 60000',
        ),
    ),
    attempt(
      'writable-sysctl',
      '/proc/sys can be written',
      'run as root, with /proc/sys mounted rw',
      () => accessSync('/proc/sys/net/ipv4/ip_forward', constants.W_OK),
    ),
    btf(),
  ];
}

/** The required ones that are missing, as one sentence; `undefined` when none is. */
export function missingCapabilities(capabilities: readonly Capability[]): string | undefined {
  const missing = capabilities.filter((one) => one.isRequired && !one.present);
  if (missing.length === 0) return undefined;
  return missing.map((one) => `${one.name} (${one.detail})`).join(', ');
}

function linux(): Capability {
  const detail = `${process.platform} ${release()}`;
  const isNew = compareVersions(release(), KERNEL_MIN) >= 0;
  const present = process.platform === 'linux' && isNew;
  const fix = present ? '' : `use Linux ${KERNEL_MIN} or newer for the real kernel`;
  return { name: 'linux', present, detail, fix, isRequired: true };
}

function compareVersions(left: string, right: string): number {
  const numbers = (text: string) => text.split(/[^0-9]+/).map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}

function attempt(name: CapabilityName, good: string, fix: string, body: () => unknown): Capability {
  const isRequired = name !== 'writable-sysctl';
  try {
    body();
    return { name, present: true, detail: good, fix: '', isRequired };
  } catch (error) {
    const detail = error instanceof Error ? firstLine(error) : String(error);
    const next = error instanceof KernelError ? error.next : fix;
    return { name, present: false, detail, fix: next, isRequired };
  }
}

function firstLine(error: Error): string {
  const stderr = (error as Error & { stderr?: string }).stderr?.trim();
  return (stderr || error.message).split('\n')[0] ?? error.message;
}

function effective(name: 'cap-net-admin' | 'cap-sys-admin', bit: number): Capability {
  let present = false;
  let detail = 'no /proc/self/status here';
  try {
    const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    present = ((BigInt(`0x${line?.[1] ?? '0'}`) >> BigInt(bit)) & 1n) === 1n;
    detail = `CapEff ${line?.[1] ?? 'not shown'}`;
  } catch {
    // Not Linux: stays absent, with the detail above.
  }
  const capability = name.replaceAll('-', '_').toUpperCase();
  const fix = present ? '' : `run as root, or grant ${capability}`;
  return { name, present, detail, fix, isRequired: true };
}

function command(name: 'ip' | 'tc'): Capability {
  let path = '';
  try {
    path = shell(`command -v ${name}`, 'sh').trim();
  } catch {
    // Not found: the shell ends with a failure.
  }
  const fix = path === '' ? 'apt-get install iproute2' : '';
  const detail = path === '' ? 'not found' : path;
  return { name, present: path !== '', detail, fix, isRequired: true };
}

/** `unshare` enters a namespace that is gone when the shell in it ends. */
function inTrialNamespace(also: string): void {
  shell(`ip link add lvt0 type veth peer name lvt1 ${also}`, 'unshare', '--net', 'sh');
}

function shell(script: string, program: string, ...before: string[]): string {
  return execFileSync(program, [...before, '-c', `${WIDE_PATH}; ${script}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PROBE_TIMEOUT_MS,
    encoding: 'utf8',
  });
}

function btf(): Capability {
  const present = existsSync('/sys/kernel/btf/vmlinux');
  return {
    name: 'btf',
    present,
    detail: present ? '/sys/kernel/btf/vmlinux' : 'no /sys/kernel/btf/vmlinux',
    fix: present ? '' : 'a kernel with CONFIG_DEBUG_INFO_BTF=y; not needed by this version',
    isRequired: false,
  };
}
