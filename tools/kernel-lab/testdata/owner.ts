import { createLab } from '../src/lab.ts';

/** Owns a lab until it is killed: the test does that. */
const [id = '', recordsDirectory] = process.argv.slice(2);
await createLab({
  id,
  recordsDirectory,
  lanes: [{ name: 'a', drainBitsPerSecond: 1e8, limitBytes: 60_000 }],
});
process.send?.('built');
setInterval(() => {}, 60_000);
