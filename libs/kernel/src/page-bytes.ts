import { readFileSync } from 'node:fs';

/** `AT_PAGESZ` of the auxiliary vector (`getauxval(3)`). */
const PAGE_SIZE = 6n;

let known: number | undefined;

/** Bytes of a page of memory: 4,096 on x86-64, up to 65,536 on arm64. Linux only. */
export function pageBytes(): number {
  known ??= read();
  return known;
}

/** Pairs of a number and its value, 64 bits each. */
function read(): number {
  const vector = readFileSync('/proc/self/auxv');
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    if (vector.readBigUInt64LE(at) === PAGE_SIZE) return Number(vector.readBigUInt64LE(at + 8));
  }
  return 4_096;
}
