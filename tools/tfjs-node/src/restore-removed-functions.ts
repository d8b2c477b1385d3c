import util from 'node:util';

/**
 * Functions of `node:util` that tfjs-node 4.22 still calls: Node 23 removed one, and warns of the
 * other on every start. To be called before it is loaded.
 */
export function restoreRemovedFunctions(): void {
  const target = util as unknown as Record<string, unknown>;
  target.isArray = Array.isArray;
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
}
