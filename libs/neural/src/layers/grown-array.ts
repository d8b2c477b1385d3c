import type { Workspace } from '../kernel/workspace.ts';

/**
 * An array of a workspace that grows with the batch. What it held is lost when it grows, and the
 * memory of the smaller one stays with the workspace, so it at least doubles.
 */
export class GrownArray {
  readonly #workspace: Workspace;
  #values: Float32Array;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#values = workspace.allocate(0);
  }

  /** @returns an array of at least that length, the same one as long as it suffices */
  atLeast(length: number): Float32Array {
    if (this.#values.length < length) {
      this.#values = this.#workspace.allocate(Math.max(length, 2 * this.#values.length));
    }
    return this.#values;
  }
}
