import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { KernelError } from '../kernel-error.ts';

/** Of an object file; ours has some 100 KB. */
const OBJECT_BYTES_MAX = 16 * 1024 * 1024;
const ELF_MACHINE_BPF = 247;
const ELF_HEADER_BYTES = 64;
const DIGEST = /^[0-9a-f]{64}\b/;

/**
 * Check an object file before libbpf reads it: libbpf trusts what it reads, and one damaged byte
 * can end the process. Where `PATH.sha256` lies beside it (as `sha256sum` writes it, and `make bpf`
 * does) every byte is checked; else only that it is a BPF object of a sensible size.
 * @throws KernelError `not-found`, `refused`
 */
export function checkObjectFile(path: string): void {
  const what = `opening the BPF object ${path}`;
  const next = 'build it anew (`make bpf`), or correct the path';
  const refuse = (why: string) => new KernelError({ code: 'refused', what, why, next });
  const content = read(path, (why, cause) => {
    return new KernelError({ code: 'not-found', what, why, next, cause });
  });
  if (typeof content === 'string') throw refuse(content);
  const isElf = content.toString('latin1', 0, 4) === '\x7fELF';
  if (!isElf || content.readUInt16LE(18) !== ELF_MACHINE_BPF) throw refuse('it is no BPF ELF file');
  const expected = digestBeside(path);
  const found = createHash('sha256').update(content).digest('hex');
  if (expected !== undefined && expected !== found) {
    throw refuse(`its SHA-256 is ${found}, ${path}.sha256 says ${expected}: it is damaged`);
  }
}

/** @returns the content, or what is wrong with it */
function read(path: string, notFound: (why: string, cause: unknown) => Error): Buffer | string {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw notFound(cause instanceof Error ? cause.message : String(cause), cause);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return 'it is not a file';
    if (stat.size < ELF_HEADER_BYTES || stat.size > OBJECT_BYTES_MAX) {
      return `it has ${stat.size} B, an object ${ELF_HEADER_BYTES} to ${OBJECT_BYTES_MAX}`;
    }
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** @returns `undefined` where there is none; a file without a digest matches no object */
function digestBeside(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(`${path}.sha256`, 'latin1');
  } catch {
    return undefined;
  }
  return DIGEST.exec(text)?.[0] ?? 'nothing';
}
