import { randomUUID } from 'node:crypto';
import type { StateDirectory } from '@levitate/service-kit';

const fileName = 'holder';

/**
 * Name under which this controller holds leases: unique, and the same after a restart, so that it
 * takes its own leases up again at once instead of waiting for them to lapse. It lives in the state
 * directory, whose lock keeps a second controller from using it at the same time.
 */
export async function holderName(
  directory: Pick<StateDirectory, 'read' | 'writeDurably'>,
): Promise<string> {
  const known = (await directory.read(fileName))?.toString('utf8').trim();
  if (known !== undefined && known !== '') return known;
  const fresh = `fsu-controller-${randomUUID().slice(0, 8)}`;
  await directory.writeDurably(fileName, `${fresh}\n`);
  return fresh;
}
