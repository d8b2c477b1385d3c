import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptCheckpoints } from './kept-checkpoints.ts';

describe('keptCheckpoints', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'levitate-kept-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('names the files that the next start goes on from', () => {
    for (const name of ['member-2.checkpoint', 'member-1.checkpoint']) {
      writeFileSync(join(folder, name), '');
    }
    expect(keptCheckpoints(folder)).toMatch(/: member-1.checkpoint, member-2.checkpoint; the same/);
  });

  it('says that nothing is kept where there is none, or half of one', () => {
    expect(keptCheckpoints(join(folder, 'none'))).toContain('nothing is kept');
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'member-1.checkpoint.fresh'), '');
    writeFileSync(join(folder, 'member-1.json.new'), '');
    expect(keptCheckpoints(folder)).toContain('nothing is kept, the same command begins anew');
  });
});
