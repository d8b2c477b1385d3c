import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installFolder, tfjsNodeMissing } from './install-folder.ts';
import { restoreRemovedFunctions } from './restore-removed-functions.ts';
import { TfjsNodeError } from './tfjs-node-error.ts';

/**
 * Loads tfjs-node, about a second, once a process. It carries its own `@tensorflow/tfjs`: tensors
 * of another copy of tfjs do not fit to it.
 *
 * @returns the module's exports; whoever has the types of tfjs gives them theirs.
 * @throws {TfjsNodeError} `NOT_BUILT`, or `BUILD` when what is there does not load.
 */
export function openTfjsNode(folder: string = installFolder): unknown {
  const missing = tfjsNodeMissing(folder);
  const next = 'npm run tfjs-node; without it plain tfjs does the same, slower';
  if (missing !== undefined) {
    throw new TfjsNodeError({ code: 'NOT_BUILT', what: 'no tfjs-node', why: missing, next });
  }
  restoreRemovedFunctions();
  // Otherwise libtensorflow tells of the processor's instructions on every start.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  try {
    return createRequire(join(folder, 'package.json'))('@tensorflow/tfjs-node');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const what = 'tfjs-node does not load';
    throw new TfjsNodeError({ code: 'BUILD', what, why, next: `remove ${folder}; ${next}`, cause });
  }
}
