import { execFileSync } from 'node:child_process';
import { realBpftool } from '@levitate/testing';

/** Listings that are tried before one that fails is believed. */
const ATTEMPTS = 10;

/**
 * Every program, map and link of BPF in this kernel; numbers are never given twice. What vanishes
 * while it is listed makes `bpftool` fail, and is listed again.
 */
export function bpfInKernel(): Set<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return new Set(['prog', 'map', 'link'].flatMap(idsOf));
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

function idsOf(kind: string): string[] {
  const text = execFileSync(realBpftool.path, [kind, 'show', '-j'], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  return (JSON.parse(text) as { id: number }[]).map(({ id }) => `${kind} ${id}`);
}
