import { libc } from '../libc.ts';
import { attachTracepoint } from './attach-tracepoint.ts';
import { bpfError } from './bpf-error.ts';
import { returning } from './hook-trial.ts';
import { libbpf } from './libbpf.ts';

/** Those our programs hang on. */
const TRACEPOINTS = ['kfree_skb', 'qdisc_enqueue', 'qdisc_dequeue'] as const;
const PROGRAM_TYPE_TRACING = 26;
const ATTACH_TRACE_RAW_TP = 23;
const BTF_KIND_TYPEDEF = 8;

/**
 * Try whether the tracepoints can be watched: found in the kernel's types, and one attached for a
 * moment by a program of two instructions.
 * @throws Error or KernelError with what is missing
 */
export function attachTracepointTrial(): string {
  const ids = tracepointIds();
  const absent = TRACEPOINTS.filter((_, at) => (ids[at] ?? 0) <= 0);
  if (absent.length > 0) throw new Error(`the kernel has no tracepoint ${absent.join(', ')}`);
  const fd = loadTracing(ids[0] ?? 0);
  try {
    attachTracepoint({ fd, name: 'lev_trial', section: `tp_btf/${TRACEPOINTS[0]}` }).close();
  } finally {
    libc().close(fd);
  }
  return TRACEPOINTS.join(', ');
}

/** The types of the kernel are some megabytes: read once for all. */
function tracepointIds(): number[] {
  const lib = libbpf();
  const btf = lib.btf__load_vmlinux_btf();
  if (btf === null) throw bpfError({ what: 'reading the types of the kernel', errno: 2 });
  try {
    return TRACEPOINTS.map((name) =>
      lib.btf__find_by_name_kind(btf, `btf_trace_${name}`, BTF_KIND_TYPEDEF),
    );
  } finally {
    lib.btf__free(btf);
  }
}

/** `struct bpf_prog_load_opts`. */
function loadTracing(typeId: number): number {
  const options = Buffer.alloc(40);
  options.writeBigUInt64LE(BigInt(options.length), 0);
  options.writeUInt32LE(ATTACH_TRACE_RAW_TP, 12);
  options.writeUInt32LE(typeId, 32);
  const code = returning(0);
  const length = code.length / 8;
  const lib = libbpf();
  const fd = lib.bpf_prog_load(PROGRAM_TYPE_TRACING, 'lev_trial', 'GPL', code, length, options);
  if (fd < 0) throw bpfError({ what: 'loading a program for a tracepoint', errno: fd });
  return fd;
}
