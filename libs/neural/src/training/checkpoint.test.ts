import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';

const checkpoint: Checkpoint = {
  identity: 'this training',
  history: [{ epoch: 1, loss: 0.5, validation: 0.25 }],
  bestEpoch: 1,
  updates: 12,
  values: Float32Array.of(1.5, -2, 1e-30),
  firstMoment: Float32Array.of(0, 1, 2),
  secondMoment: Float32Array.of(3, 4, 5),
  bestValues: Float32Array.of(6, 7, 8),
};

describe('a checkpoint', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'levitate-checkpoint-'));
    file = join(folder, 'one');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read as it was written, and leaves nothing beside it', async () => {
    await writeCheckpoint(file, { ...checkpoint, updates: 6 });
    await writeCheckpoint(file, checkpoint);
    expect(await readCheckpoint(file, 'this training')).toEqual(checkpoint);
    expect(readdirSync(folder)).toEqual(['one']);
  });

  it('is none where there is no file', async () => {
    expect(await readCheckpoint(file, 'this training')).toBeUndefined();
  });

  it('of another training is refused', async () => {
    await writeCheckpoint(file, checkpoint);
    const read = readCheckpoint(file, 'that training');
    await expect(read).rejects.toThrow(/is of another training: .*this training.* there, .*that/);
    await expect(read).rejects.toMatchObject({ code: 'other-training' });
  });

  it('that is cut short is refused', async () => {
    await writeCheckpoint(file, checkpoint);
    truncateSync(file, 170);
    await expect(readCheckpoint(file, 'this training')).rejects.toThrow(/cut short/);
  });

  it.each(['a letter\n', '{"magic":1}\n', ''])(
    'that is something else is refused',
    async (text) => {
      writeFileSync(file, text);
      await expect(readCheckpoint(file, 'this training')).rejects.toThrow(/is not a checkpoint/);
    },
  );
});
