import { libc } from '../libc.ts';
import { bpfError } from './bpf-error.ts';
import { libbpf } from './libbpf.ts';

const BPF_STATS_RUN_TIME = 0;

/** Counting is on until this is closed. */
export interface RunStatisticsSwitch extends Disposable {
  close(): void;
}

/**
 * Have the kernel count run time and runs of every BPF program of the machine, while the result is
 * open: read them by `BpfProgram.info`. It costs some 20 ns a run. Unlike the sysctl
 * `kernel.bpf_stats_enabled` it ends with the process.
 * @throws KernelError `permission-denied`: needs CAP_SYS_ADMIN; Linux 5.8
 */
export function enableRunStatistics(): RunStatisticsSwitch {
  let fd = libbpf().bpf_enable_stats(BPF_STATS_RUN_TIME);
  if (fd < 0) throw bpfError({ what: 'enabling the run statistics of BPF programs', errno: fd });
  const close = () => {
    if (fd >= 0) libc().close(fd);
    fd = -1;
  };
  return { close, [Symbol.dispose]: close };
}
