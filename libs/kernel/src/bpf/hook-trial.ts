import { libc } from '../libc.ts';
import { attachTcx } from './attach-tcx.ts';
import { attachXdp } from './attach-xdp.ts';
import { bpfError } from './bpf-error.ts';
import { createClsact, createFilter, deleteEmptyClsact, deleteFilter } from './clsact.ts';
import { libbpf } from './libbpf.ts';
import { MAP_TYPE } from './map-type.ts';

const PROGRAM_TYPE = { tc: 3, xdp: 6 } as const;
const XDP_PASS = 2;
const TC_ACT_UNSPEC = -1;
/** The smallest ring buffer is a page, and no page is larger than this. */
const RING_BYTES = 65_536;

/*
 * Trials of the capability probe: a program of two instructions on an interface made for it.
 */

/** @returns the mode that works. @throws KernelError when none does */
export function attachXdpTrial(ifindex: number): string {
  return withProgram(PROGRAM_TYPE.xdp, XDP_PASS, (fd) => {
    const program = { fd, name: 'lev_trial' };
    // Where native works generic does too; each costs the kernel some 20 ms to take off again.
    const attachment = attachXdp({ program, ifindex });
    attachment.close();
    return `${attachment.xdpMode} on veth; other drivers may have generic only`;
  });
}

/** @throws KernelError */
export function attachTcxTrial(ifindex: number): string {
  return withProgram(PROGRAM_TYPE.tc, TC_ACT_UNSPEC, (fd) => {
    attachTcx({ program: { fd, name: 'lev_trial' }, ifindex, direction: 'egress' }).close();
    return 'a program was attached to the egress of a veth';
  });
}

/** @throws KernelError */
export function attachClsactTrial(ifindex: number): string {
  return withProgram(PROGRAM_TYPE.tc, TC_ACT_UNSPEC, (fd) => {
    const address = { ifindex, direction: 'egress', handle: 1, priority: 1 } as const;
    createClsact(ifindex);
    createFilter(address, fd, 'attaching a filter to a veth');
    deleteFilter(address);
    deleteEmptyClsact(ifindex);
    return 'a filter was attached to the egress of a veth';
  });
}

/** @throws KernelError */
export function createRingBufferTrial(): string {
  const fd = libbpf().bpf_map_create(MAP_TYPE.ringBuffer, 'lev_trial', 0, 0, RING_BYTES, null);
  if (fd < 0) throw bpfError({ what: 'making a ring buffer', errno: fd });
  libc().close(fd);
  return 'a ring buffer was made and is gone';
}

function withProgram(type: number, verdict: number, body: (fd: number) => string): string {
  const code = returning(verdict);
  const fd = libbpf().bpf_prog_load(type, 'lev_trial', 'GPL', code, code.length / 8, null);
  if (fd < 0) throw bpfError({ what: 'loading a program of two instructions', errno: fd });
  try {
    return body(fd);
  } finally {
    libc().close(fd);
  }
}

/** `r0 = value; exit` as instructions of 8 bytes (RFC 9669). */
export function returning(value: number): Buffer {
  const code = Buffer.alloc(16);
  code[0] = 0xb7;
  code.writeInt32LE(value, 4);
  code[8] = 0x95;
  return code;
}
