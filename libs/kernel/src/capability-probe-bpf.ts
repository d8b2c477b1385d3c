import { statSync } from 'node:fs';
import { BPFFS_PATH, isBpffs } from './bpf/bpffs.ts';
import { createRingBufferTrial } from './bpf/hook-trial.ts';
import { libbpf } from './bpf/libbpf.ts';
import { attachTracepointTrial } from './bpf/tracepoint-trial.ts';
import { attempt, type Capability } from './capability.ts';

const BTF_PATH = '/sys/kernel/btf/vmlinux';

/** What BPF needs of the kernel and of the host. None is required: qdiscs go without. */
export function bpfCapabilities(): Capability[] {
  return [
    attempt({
      name: 'btf',
      isRequired: false,
      fix: 'a kernel with CONFIG_DEBUG_INFO_BTF=y; without it no BPF program is loaded',
      look: () => {
        const stat = statSync(BTF_PATH, { throwIfNoEntry: false });
        if (stat === undefined) throw new Error(`no ${BTF_PATH}`);
        return `${BTF_PATH} (${stat.size} B)`;
      },
    }),
    attempt({
      name: 'libbpf',
      isRequired: false,
      fix: 'apt-get install libbpf1 (1.0 or newer); without it no BPF program is loaded',
      look: () => `libbpf ${libbpf().libbpf_version_string().replace(/^v/, '')}`,
    }),
    attempt({
      name: 'bpffs',
      isRequired: false,
      fix: `\`mount -t bpf bpf ${BPFFS_PATH}\`; without it maps are not pinned, all else works`,
      look: () => {
        if (!isBpffs()) throw new Error(`no BPF file system on ${BPFFS_PATH}`);
        return `a BPF file system on ${BPFFS_PATH}`;
      },
    }),
    attempt({
      name: 'bpf-tracepoints',
      isRequired: false,
      fix: 'run as root on a kernel with BTF (Linux 5.5); without it queues are polled instead',
      look: attachTracepointTrial,
    }),
    attempt({
      name: 'ring-buffer',
      isRequired: false,
      fix: 'run as root on Linux 5.8 or newer; without it microbursts are counted, not told',
      look: createRingBufferTrial,
    }),
  ];
}
