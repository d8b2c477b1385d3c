import { buildTfjsNode } from './build-tfjs-node.ts';
import { installFolder } from './install-folder.ts';
import { openTfjsNode } from './open-tfjs-node.ts';
import { TfjsNodeError } from './tfjs-node-error.ts';

const startedMs = Date.now();
const seconds = () => ((Date.now() - startedMs) / 1000).toFixed(1);
try {
  const isNew = await buildTfjsNode((line) => console.log(`tfjs-node: ${seconds()} s, ${line}`));
  openTfjsNode();
  const done = isNew ? `built in ${seconds()} s` : 'is there already';
  console.log(`tfjs-node: ${done}, loads: ${installFolder}`);
} catch (error) {
  if (!(error instanceof TfjsNodeError)) throw error;
  console.error(error.report());
  process.exitCode = 1;
}
