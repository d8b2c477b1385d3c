import { readlinkSync } from 'node:fs';

/** Whether a descriptor of BPF is of a map; those of programs and links look the same. */
export function isMap(fd: number): boolean {
  return readlinkSync(`/proc/self/fd/${fd}`) === 'anon_inode:bpf-map';
}
