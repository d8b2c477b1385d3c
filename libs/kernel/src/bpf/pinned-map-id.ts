import { lstatSync } from 'node:fs';
import { libc } from '../libc.ts';
import { isMap } from './is-map.ts';
import { libbpf } from './libbpf.ts';
import { objectInfo } from './object-info.ts';

/**
 * The number of the map that is pinned at a path.
 * @returns `undefined` when nothing is there; 0 when it is something else, or cannot be opened
 */
export function pinnedMapId(path: string): number | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const fd = libbpf().bpf_obj_get(path);
  if (fd < 0) return 0;
  try {
    // Programs and links have numbers of their own, which may be the same.
    if (!isMap(fd)) return 0;
    return objectInfo(fd, path).getUint32(4, true);
  } finally {
    libc().close(fd);
  }
}
