import koffi from 'koffi';
import { KernelError } from '../kernel-error.ts';
import { withNamespace } from '../namespace.ts';
import { bpfError } from './bpf-error.ts';
import type { BpfProgram } from './bpf-program.ts';
import { libbpf } from './libbpf.ts';

/** The kernel takes one page less headroom for XDP, and 64 KiB with fragments. */
const DATA_BYTES_MAX = 65_536;
const REPEAT_MAX = 10_000_000;

/** One run of a program on given bytes, without any interface. */
export interface TestRunOptions {
  program: Pick<BpfProgram, 'fd' | 'name'>;
  /** The packet from its Ethernet header on, 14 to 65,536 bytes. */
  data: Uint8Array;
  /** `struct xdp_md` or `struct __sk_buff`: where the packet came in, its mark and so on. */
  context?: Uint8Array | undefined;
  /** Runs, 1 to 10,000,000; the thread waits for all. Default 1. */
  repeat?: number | undefined;
  /** Namespace whose interfaces the context means. Default: that of this process. */
  netns?: string | undefined;
}

/** What a test run gives. */
export interface TestRun {
  /** `XDP_PASS` is 2, `XDP_DROP` 1; of tc programs `TC_ACT_*`, -1 for `TC_ACT_UNSPEC`. */
  verdict: number;
  /** The packet as the program left it. */
  data: Buffer;
  /** Mean of one run, nanoseconds, as the kernel measured. */
  durationNs: number;
}

/**
 * Run a loaded program on given bytes (`BPF_PROG_TEST_RUN`, the kernel's `bpf_prog_run.rst`).
 * @throws KernelError `out-of-range`, `refused`
 */
export function testRun(options: TestRunOptions): TestRun {
  const { program, data, context, repeat = 1 } = options;
  const what = `a test run of the program ${program.name} on ${data.length} B, ${repeat} times`;
  const isRepeat = Number.isInteger(repeat) && repeat >= 1 && repeat <= REPEAT_MAX;
  if (!isRepeat || data.length < 14 || data.length > DATA_BYTES_MAX) {
    const why = `it takes 14 to ${DATA_BYTES_MAX} B and 1 to ${REPEAT_MAX} runs`;
    throw new KernelError({ code: 'out-of-range', what, why, next: 'give one of those' });
  }
  const out = Buffer.alloc(data.length + 512);
  const arguments_ = Buffer.alloc(80);
  arguments_.writeBigUInt64LE(BigInt(arguments_.length), 0);
  arguments_.writeBigUInt64LE(koffi.address(data), 8);
  arguments_.writeBigUInt64LE(koffi.address(out), 16);
  arguments_.writeUInt32LE(data.length, 24);
  arguments_.writeUInt32LE(out.length, 28);
  if (context !== undefined) {
    arguments_.writeBigUInt64LE(koffi.address(context), 32);
    arguments_.writeUInt32LE(context.length, 48);
  }
  arguments_.writeInt32LE(repeat, 60);
  const fd = program.fd;
  const result = withNamespace(options.netns, () =>
    libbpf().bpf_prog_test_run_opts(fd, arguments_),
  );
  if (result !== 0) throw bpfError({ what, errno: result });
  return {
    verdict: arguments_.readInt32LE(56),
    data: out.subarray(0, arguments_.readUInt32LE(28)),
    durationNs: arguments_.readUInt32LE(64),
  };
}
