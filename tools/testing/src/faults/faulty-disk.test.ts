import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { FaultyDisk } from './faulty-disk.ts';
import { VirtualProcesses } from './virtual-processes.ts';

function diskOf(seed = 1) {
  const processes = new VirtualProcesses();
  const disk = new FaultyDisk({ processes, random: new SeededRandom(seed) });
  return { disk, processes, id: processes.start() };
}

async function write(disk: FaultyDisk, path: string, text: string, isSynced: boolean) {
  const file = await disk.openFile(path, 'w');
  await file.writeFile(text);
  if (isSynced) await file.sync();
  await file.close();
}

describe('FaultyDisk', () => {
  it('keeps through a power cut what was synced with its folder', async () => {
    const { disk, id } = diskOf();
    await write(disk, `/p${id}/state/a`, 'whole', true);
    expect(disk.survivors('/state/a')).toEqual([undefined, 'whole']);
    const folder = await disk.openFile(`/p${id}/state`, 'r');
    await folder.sync();
    expect(disk.survivors('/state/a')).toEqual(['whole']);
    disk.cutPower();
    expect(disk.text('/state/a')).toBe('whole');
  });

  it('may lose, keep or tear what was not', async () => {
    const ends = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const { disk, id } = diskOf(seed);
      await write(disk, `/p${id}/state/a`, 'whole', false);
      disk.cutPower();
      const text = disk.text('/state/a');
      ends.add(text === undefined ? 'gone' : text === 'whole' ? text : 'torn');
    }
    expect([...ends].sort()).toEqual(['gone', 'torn', 'whole']);
  });

  it('answers a process no more that died at a boundary, with its write half done', async () => {
    const { disk, processes, id } = diskOf(5);
    const file = await disk.openFile(`/p${id}/state/a`, 'w');
    processes.dieAfter(id, 1);
    let isAnswered = false;
    file.writeFile('whole').then(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([isAnswered, processes.isAlive(id)]).toEqual([false, false]);
    expect('whole').toContain(disk.text('/state/a'));
    expect(processes.deaths.get('write')).toBe(1);
  });

  it('waits while stalled, and fails writes while full', async () => {
    const { disk, id } = diskOf();
    disk.condition = 'full';
    await expect(disk.openFile(`/p${id}/state/a`, 'w')).rejects.toMatchObject({ code: 'ENOSPC' });
    disk.condition = 'stalled';
    const opening = disk.openFile(`/p${id}/state/a`, 'w');
    disk.condition = 'sound';
    await expect(opening).resolves.toBeDefined();
  });
});
