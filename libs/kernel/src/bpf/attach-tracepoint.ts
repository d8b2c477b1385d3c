import { type Attachment, LinkAttachment } from './attachment.ts';
import { bpfError } from './bpf-error.ts';
import type { BpfProgram } from './bpf-program.ts';
import { libbpf } from './libbpf.ts';

/**
 * Attach a program to the tracepoint its section names (`tp_btf/...`). It sees the whole machine,
 * every network namespace, and ends with the process.
 * @throws KernelError `permission-denied`, `refused`
 */
export function attachTracepoint(program: Pick<BpfProgram, 'fd' | 'name' | 'section'>): Attachment {
  const detail = `${program.section} of the whole machine`;
  const fd = libbpf().bpf_raw_tracepoint_open(null, program.fd);
  if (fd >= 0) return new LinkAttachment({ fd, hook: 'tracepoint', detail });
  throw bpfError({
    what: `attaching the program ${program.name} to ${program.section}`,
    errno: fd,
  });
}
