/** Holds a state directory until it is killed; for the tests of the lock. */
import { StateDirectory } from '../state-directory.ts';

await StateDirectory.open(process.argv[2] ?? '');
process.stdout.write('held\n');
setInterval(() => {}, 60_000);
