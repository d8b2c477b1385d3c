import { mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { KernelError } from '../kernel-error.ts';
import { bpfError } from './bpf-error.ts';
import type { BpfMap } from './bpf-map.ts';
import { BPFFS_PATH, isBpffs } from './bpffs.ts';
import type { Footprint } from './footprint.ts';
import type { PinEntry } from './footprint-entry.ts';
import { libbpf } from './libbpf.ts';
import { pinnedMapId } from './pinned-map-id.ts';

/** The file system keeps dots for itself. */
const INSTANCE_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** Which maps, and where. */
export interface PinOptions {
  maps: readonly BpfMap[];
  /** Of the agent, 1 to 64 letters, digits, `_` and `-`: its folder below `levitate`. */
  instance: string;
  footprint: Footprint;
  /** Where the BPF file system is mounted. Default /sys/fs/bpf. */
  bpffs?: string | undefined;
}

/** Maps that others can open by path (`bpftool map dump pinned PATH`) while this is open. */
export interface PinnedMaps extends Disposable {
  /** `undefined` when nothing is pinned. */
  readonly directory: string | undefined;
  /** Why nothing is pinned; empty when all is. */
  readonly reason: string;
  close(): void;
}

/**
 * Pin maps as `<bpffs>/levitate/<instance>/<map>`, so that they can be read from outside. Without
 * a mounted BPF file system nothing is pinned, all else works, and the result says why.
 * @throws KernelError `occupied` when something is pinned at such a path: it is left alone
 */
export function pinMaps({ maps, instance, footprint, bpffs = BPFFS_PATH }: PinOptions): PinnedMaps {
  const directory = pinDirectory(instance, bpffs);
  if (!isBpffs(bpffs)) {
    const reason = `no BPF file system on ${bpffs}; \`mount -t bpf bpf ${bpffs}\` makes one`;
    return { directory: undefined, reason, close: () => {}, [Symbol.dispose]: () => {} };
  }
  const entries = maps.map((map): PinEntry => {
    return { kind: 'pin', path: join(directory, map.shape.name), mapId: map.id };
  });
  const close = () => {
    for (const entry of entries) unpin(entry);
    removePinDirectory(directory);
    footprint.remove(...entries);
  };
  footprint.add(...entries);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    entries.forEach((entry, at) => {
      pin(maps[at] as BpfMap, entry.path);
    });
  } catch (error) {
    close();
    throw error;
  }
  return { directory, reason: '', close, [Symbol.dispose]: close };
}

/** @throws KernelError `out-of-range` for a name that could lead elsewhere */
export function pinDirectory(instance: string, bpffs: string = BPFFS_PATH): string {
  if (INSTANCE_PATTERN.test(instance)) return join(bpffs, 'levitate', instance);
  const what = `pinning maps for the instance ${JSON.stringify(instance).slice(0, 80)}`;
  const why = 'its name becomes a folder: 1 to 64 letters, digits, _ and -';
  throw new KernelError({ code: 'out-of-range', what, why, next: 'name it so' });
}

/** @returns what is in the way; empty when it is gone, or was not there */
export function unpin({ path, mapId }: PinEntry): string {
  const found = pinnedMapId(path);
  if (found === undefined) return '';
  if (found !== mapId) return `what is pinned there is not map ${mapId}`;
  unlinkSync(path);
  return '';
}

/** Takes the folder of the instance and that of all instances away, where they are empty. */
export function removePinDirectory(directory: string): void {
  for (const one of [directory, join(directory, '..')]) {
    try {
      rmdirSync(one);
    } catch {
      return; // Not empty, or not there: it stays as it is.
    }
  }
}

function pin(map: BpfMap, path: string): void {
  const result = libbpf().bpf_obj_pin(map.fd, path);
  if (result === 0) return;
  const next = 'see what is there with `bpftool map show pinned`; it is left alone';
  throw bpfError({ what: `pinning the map ${map.shape.name} as ${path}`, errno: result, next });
}
