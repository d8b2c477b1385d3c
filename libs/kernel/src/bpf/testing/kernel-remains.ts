import { execFileSync } from 'node:child_process';
import type { BpfObject } from '../bpf-object.ts';

/** Numbers by which the kernel knows what an object brought into it. */
export interface KernelNumbers {
  programs: number[];
  maps: number[];
}

/** Of a loaded object. They are never given twice, so other programs do not disturb. */
export function kernelNumbers(object: BpfObject): KernelNumbers {
  return {
    programs: object.programs.map((one) => one.info().id),
    maps: object.mapNames.map((name) => object.map(name).id),
  };
}

/**
 * What of these is in the kernel still, and what links hold the programs, as `bpftool` sees it from
 * outside. The kernel frees what was closed a moment later: ask again until it is empty.
 */
export function remainsOf({ programs, maps }: KernelNumbers): string[] {
  const shown = (kind: string) =>
    JSON.parse(execFileSync('bpftool', ['-j', kind, 'show'], { encoding: 'utf8' })) as {
      id: number;
      prog_id?: number;
    }[];
  return [
    ...shown('prog')
      .filter(({ id }) => programs.includes(id))
      .map(({ id }) => `program ${id}`),
    ...shown('map')
      .filter(({ id }) => maps.includes(id))
      .map(({ id }) => `map ${id}`),
    ...shown('link')
      .filter(({ prog_id }) => programs.includes(prog_id ?? 0))
      .map(({ id }) => `link ${id}`),
  ];
}
