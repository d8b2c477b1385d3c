import { bpfError } from './bpf-error.ts';
import { libbpf } from './libbpf.ts';

/** The newest kernel's longest `struct bpf_*_info` has room in this. */
const INFO_BYTES = 512;

/**
 * What the kernel says of a map, a program or a link by its file descriptor
 * (`BPF_OBJ_GET_INFO_BY_FD`; `linux/bpf.h`, `struct bpf_map_info` and its twins). Fields that an
 * older kernel does not know read as 0.
 * @throws KernelError
 */
export function objectInfo(fd: number, what: string): DataView {
  const info = new Uint8Array(INFO_BYTES);
  const result = libbpf().bpf_obj_get_info_by_fd(fd, info, new Uint32Array([INFO_BYTES]));
  if (result < 0) throw bpfError({ what: `asking about ${what}`, errno: result });
  return new DataView(info.buffer);
}

/** A NUL-terminated name of at most 15 characters (`BPF_OBJ_NAME_LEN`). */
export function nameAt(info: DataView, offset: number): string {
  const bytes = new Uint8Array(info.buffer, offset, 16);
  const end = bytes.indexOf(0);
  return Buffer.from(bytes.subarray(0, end < 0 ? 16 : end)).toString('latin1');
}
