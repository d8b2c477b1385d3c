import koffi from 'koffi';
import { libbpf } from './libbpf.ts';

const BTF_KIND_ENUM = 6;
/** `struct btf_type`: name, then kind and number of members, then size. */
const TYPE_BYTES = 12;
/** `struct btf_enum`: offset of the name, value. */
const MEMBER_BYTES = 8;
const MEMBERS_MASK = 0xffff;

/**
 * The names of an enum of the running kernel, by value, from its own BTF: numbers of drop reasons
 * differ from kernel to kernel.
 * @returns empty where the kernel has no BTF or no such enum
 */
export function enumNames(name: string): ReadonlyMap<number, string> {
  const lib = libbpf();
  const names = new Map<number, string>();
  const btf = lib.btf__load_vmlinux_btf();
  if (btf === null) return names;
  try {
    const id = lib.btf__find_by_name_kind(btf, name, BTF_KIND_ENUM);
    const type = id > 0 ? lib.btf__type_by_id(btf, id) : null;
    if (type === null) return names;
    const head = new DataView(koffi.view(type, TYPE_BYTES));
    const members = head.getUint32(4, true) & MEMBERS_MASK;
    const bytes = TYPE_BYTES + members * MEMBER_BYTES;
    const view = new DataView(koffi.view(type, bytes));
    for (let at = TYPE_BYTES; at < bytes; at += MEMBER_BYTES) {
      const text = lib.btf__name_by_offset(btf, view.getUint32(at, true));
      if (text !== null) names.set(view.getInt32(at + 4, true), text);
    }
    return names;
  } finally {
    lib.btf__free(btf);
  }
}
