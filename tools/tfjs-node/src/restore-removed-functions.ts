import util from 'node:util';

/**
 * Functions of `node:util` that Node 23 removed and tfjs-node 4.22 still calls. To be called before
 * it is loaded; what is there stays.
 */
export function restoreRemovedFunctions(): void {
  const target = util as unknown as Record<string, unknown>;
  target.isArray ??= Array.isArray;
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
}
