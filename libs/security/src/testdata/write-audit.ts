import { StateDirectory } from '@levitate/service-kit';
import { AuditLog } from '../audit-log.ts';
import { resizeEntry } from '../testing/memory-directory.ts';

// Writes as fast as the disk takes it, and prints each number that is durable, until it is killed.
const [folder = ''] = process.argv.slice(2);
const log = await AuditLog.open({
  directory: await StateDirectory.open(folder),
  ...{ gatherMs: 0, segmentBytesMax: 20_000, segmentsMax: 4, nowUnixMs: Date.now() },
  onFailure: (error) => {
    throw error;
  },
});
for (let index = 0; ; index += 1) {
  const all = Array.from({ length: 1 + (index % 7) }, () => log.append(resizeEntry(index)));
  await Promise.all(all);
  process.stdout.write(`${log.head.sequence}\n`);
}
