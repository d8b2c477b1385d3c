import { errnoName, KernelError, type KernelErrorCode } from '../kernel-error.ts';

/** What a failed call of libbpf is translated from. */
export interface BpfFailure {
  /** What was tried, on what; no full stop at the end. */
  what: string;
  /** As libbpf gives it: positive or negative. */
  errno: number;
  /** Further words on why: those of libbpf, or what is known of the place. */
  words?: string | undefined;
  /** What the reader can do, where it is better known than the errno tells. */
  next?: string | undefined;
}

/** `ENOTSUPP`, which the kernel lets out here and there and no user header knows. */
export const ENOTSUPP = 524;

/** Translate a failed call of libbpf into a typed error. */
export function bpfError({ what, errno, words, next }: BpfFailure): KernelError {
  const number = Math.abs(errno);
  const name = number === ENOTSUPP ? 'ENOTSUPP' : libbpfErrorName(number);
  const meaning = meaningOf(name);
  const why = words === undefined || words === '' ? name : `${name}, ${words}`;
  return new KernelError({
    code: meaning.code,
    what,
    why,
    next: next ?? meaning.next,
    errno: name,
  });
}

/** libbpf has errors of its own, from 4000 (`enum libbpf_errno`). */
function libbpfErrorName(errno: number): string {
  const own = [
    ...['not an ELF file', 'not a BPF object', 'wrong version', 'wrong byte order'],
    ...['internal error of libbpf', 'relocation failed', 'load failed', 'refused by the verifier'],
    ...['program too big', 'wrong kernel version', 'program type not supported'],
    ...['answer to another process', 'answer out of order', 'answer cut off'],
  ];
  return own[errno - 4000] ?? errnoName(errno);
}

function meaningOf(name: string): { code: KernelErrorCode; next: string } {
  switch (name) {
    case 'EPERM':
    case 'EACCES':
      return {
        code: 'permission-denied',
        next: 'run as root, or grant CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN',
      };
    case 'ENOENT':
    case 'ENODEV':
      return { code: 'not-found', next: 'check that the interface and the object are there' };
    case 'EBUSY':
    case 'EEXIST':
      return {
        code: 'occupied',
        next: 'look with `bpftool net` and `bpftool link` who holds the place; it is left alone',
      };
    case 'E2BIG':
    case 'ENOSPC':
      return { code: 'full', next: 'raise the max_entries of the map before loading' };
    case 'EOPNOTSUPP':
    case 'ENOTSUP': // The same number on Linux, and first in Node's table.
    case 'ENOTSUPP':
    case 'ENOSYS':
      return { code: 'unsupported', next: 'see `levitate check` for what this kernel lacks' };
    default:
      return { code: 'refused', next: 'see `dmesg`, and `levitate check` for what is lacking' };
  }
}
