import koffi from 'koffi';
import { libc } from '../libc.ts';
import { libbpf } from './libbpf.ts';

/** `LIBBPF_WARN`; the levels above it tell of each step. */
const LEVEL_MAX = 0;
const LINES_MAX = 8;
const LINE_BYTES = 512;

let callback: bigint | undefined;
let lines: string[] = [];
const text = Buffer.alloc(LINE_BYTES);

/**
 * Run one synchronous call of libbpf and keep what it says meanwhile: the number it returns tells
 * little, the reason is in its words. Outside of this libbpf is silent.
 * @param body gets `words()`: the last lines of warnings so far, at most 8 of 512 bytes
 */
export function withLibbpfWords<T>(body: (words: () => string) => T): T {
  const lib = libbpf();
  // Registered once: koffi has a fixed number of places for callbacks.
  callback ??= registerPrint();
  lines = [];
  lib.libbpf_set_print(callback);
  try {
    return body(() => lines.join('; '));
  } finally {
    lib.libbpf_set_print(null);
  }
}

/** A `va_list` is handed on as an address by both supported machines (x86-64, arm64). */
function registerPrint(): bigint {
  const print = koffi.proto('int levitate_libbpf_print(int, void *, void *)');
  return koffi.register((level: number, format: bigint, list: bigint) => {
    if (level > LEVEL_MAX) return 0;
    const needed = libc().vsnprintf(text, LINE_BYTES, format, list);
    const line = text.toString('utf8', 0, Math.min(Math.max(needed, 0), LINE_BYTES - 1));
    lines.push(line.replace(/^libbpf: /, '').trim());
    if (lines.length > LINES_MAX) lines.shift();
    return 0;
  }, koffi.pointer(print));
}
