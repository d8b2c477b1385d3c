import { withNamespace } from '../namespace.ts';
import { type Attachment, LinkAttachment } from './attachment.ts';
import { bpfError } from './bpf-error.ts';
import type { BpfProgram } from './bpf-program.ts';
import { checkInterface, type InterfacePlace, placeText } from './interface-place.ts';
import { libbpf } from './libbpf.ts';

/** `linux/bpf.h`, `enum bpf_attach_type`. libbpf 1.1 has no name for them and hands them on. */
const ATTACH_TYPE = { ingress: 46, egress: 47 } as const;

/** What hangs where. */
export interface TcOptions extends InterfacePlace {
  /** Of the section `tc`. It must return `TC_ACT_UNSPEC` (-1), or those after it never run. */
  program: Pick<BpfProgram, 'fd' | 'name'>;
  direction: 'ingress' | 'egress';
}

/**
 * Attach a tc program by a BPF link (tcx, Linux 6.6 and newer). It hangs beside the tcx programs
 * and the clsact filters of others, at the end, needs no qdisc and ends with the process.
 * @throws KernelError `refused` (EINVAL) or `unsupported` on an older kernel: use clsact
 */
export function attachTcx(options: TcOptions): Attachment {
  const { program, direction, ifindex } = options;
  const detail = `tcx ${direction} on ${placeText(options)}`;
  const what = `attaching the program ${program.name}: ${detail}`;
  const fd = withNamespace(options.netns, () => {
    checkInterface(ifindex, what);
    return libbpf().bpf_link_create(program.fd, ifindex, ATTACH_TYPE[direction], null);
  });
  if (fd >= 0) return new LinkAttachment({ fd, hook: 'tcx', detail });
  throw bpfError({ what, errno: fd });
}
