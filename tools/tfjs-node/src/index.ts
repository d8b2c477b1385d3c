export { tfjsNodeMissing } from './install-folder.ts';
export { openTfjsNode } from './open-tfjs-node.ts';
export { TfjsNodeError } from './tfjs-node-error.ts';
