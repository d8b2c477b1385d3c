import { attempt, type Capability } from './capability.ts';
import { bpfCapabilities } from './capability-probe-bpf.ts';
import { hostCapabilities, toolCapabilities } from './capability-probe-host.ts';
import { trialCapabilities } from './capability-probe-trial.ts';
import { libc } from './libc.ts';
import { QdiscTable } from './qdisc-table.ts';
import { checkSysctlWritable } from './sysctl.ts';

/** Of what can be driven where no qdisc can. */
const DRIVEN_SYSCTLS = [
  ...['net.core.rmem_max', 'net.core.wmem_max'],
  ...['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem', 'net.ipv4.tcp_mem'],
];

/**
 * Find out what this host allows, by trying where trying leaves nothing behind: interfaces, qdiscs
 * and BPF hooks are tried in a namespace that ends with the trial. Synchronous; takes some 60 ms on
 * the reference machine. Never throws.
 */
export function probeCapabilities(): Capability[] {
  return [
    ...hostCapabilities(),
    attempt({
      name: 'ffi',
      isRequired: true,
      fix: 'run `npm ci` again; koffi ships for Linux x64 and arm64',
      look: () => {
        libc();
        return 'koffi binds libc';
      },
    }),
    attempt({
      name: 'netlink',
      isRequired: true,
      fix: 'needs Linux with rtnetlink',
      look: () => {
        QdiscTable.open().close();
        return 'the kernel lists qdiscs';
      },
    }),
    attempt({
      name: 'writable-sysctl',
      isRequired: false,
      fix: 'run as root, with /proc/sys mounted rw; else these limits stay as they are',
      look: () => {
        for (const key of DRIVEN_SYSCTLS) checkSysctlWritable(key);
        return DRIVEN_SYSCTLS.join(', ');
      },
    }),
    ...toolCapabilities(),
    ...trialCapabilities(),
    ...bpfCapabilities(),
  ];
}

/** The required ones that are missing, as one sentence; `undefined` when none is. */
export function missingCapabilities(capabilities: readonly Capability[]): string | undefined {
  const missing = capabilities.filter((one) => one.isRequired && !one.present);
  if (missing.length === 0) return undefined;
  return missing.map((one) => `${one.name} (${one.detail})`).join(', ');
}
