/**
 * A server of one resource, as a process. It tells its address, and dies by SIGKILL before or after
 * a change where it is told so: `server-process.ts FOLDER LISTEN [before|after]`.
 */
import { join } from 'node:path';
import { serveResources } from '../serve-resources.ts';
import { SizeInFile } from './size-in-file.ts';

const [folder = '', listen = '', dies] = process.argv.slice(2);
const resource = new SizeInFile(join(folder, 'size'));
const server = await serveResources({
  resources: [resource],
  listen,
  stateDirectory: join(folder, 'state'),
});
resource.onChange = (when) => {
  if (when === dies) process.kill(process.pid, 'SIGKILL');
};
process.send?.(server.address);
process.once('disconnect', () => void server.stop(0));
