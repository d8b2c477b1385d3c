/** A controller of one remote resource, as a process: `client-process.ts ADDRESS TTL_MS`. */
import { Controller } from '../../controller.ts';
import { RemoteResource } from '../remote-resource.ts';
import { RemoteResources } from '../remote-resources.ts';

const [address = '', ttlMs] = process.argv.slice(2);
const server = new RemoteResources({ address, deadlineMs: 30_000 });
const resource = await RemoteResource.open({
  server,
  name: 'kept',
  holder: 'client',
  ttlMs: Number(ttlMs),
});
const { originals } = resource;
new Controller({ resource, originals, barred: () => resource.held() }).start();
process.send?.('ruling');
process.once('disconnect', () => process.exit());
