import { PushLoad } from '../telemetry/push-load.ts';

// The process of the load: hosts that push their samples until its parent is done with it.

const [address = '', links, seed = ''] = process.argv.slice(2);
const load = new PushLoad({ address, links: Number(links), seed, unixMs: () => Date.now() });
load.start();
process.on('disconnect', () => process.exit());
process.send?.('started');
