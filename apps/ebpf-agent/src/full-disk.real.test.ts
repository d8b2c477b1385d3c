import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@levitate/clock';
import { StateDirectory } from '@levitate/service-kit';
import { realRoot } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { openChain } from './actuators/open-chain.ts';
import { readOriginals } from './durable-records.ts';
import { LimitControl } from './limit-control.ts';
import { SimulatedKernel } from './simulated-kernel.ts';

const claim = { link: 'a', holder: 'controller', token: 1 };

realRoot.describe('a state directory on a file system of 32 KiB', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'levitate-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'levitate-test', folder]);
  });
  afterEach(async () => {
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true });
  });

  realRoot.it('full, no limit is changed; with room again it is', async () => {
    const directory = await StateDirectory.open(join(folder, 'state'));
    const clock = new VirtualClock();
    const lane = { limitBytes: 60_000, drainBytesPerSecond: 12_500_000, packetBytes: 1_500 };
    const lanes = [{ ...lane, name: 'a', traffic: { kind: 'flat' as const, seed: 1 } }];
    const kernel = new SimulatedKernel({ lanes, reason: 'test', capabilities: [], clock });
    const control = await LimitControl.open({
      chain: openChain({ kernel, links: [] }),
      store: directory,
      clock,
      bounds: { limitBytesMin: 3_000, limitBytesMax: 1_000_000 },
      onRestored: () => {},
    });
    const limit = () => kernel.inspectAll()[0]?.reading?.limitBytes;
    await control.acquire({ ...claim, ttlMs: 60_000 });
    const filler = join(folder, 'filler');
    await expect(writeFile(filler, Buffer.alloc(65_536))).rejects.toThrow(/ENOSPC/);
    const change = { ...claim, limitBytes: 500_000 };
    await expect(control.setLimit(change)).rejects.toMatchObject({
      code: 'STATE_NOT_DURABLE',
      message: expect.stringMatching(/nothing is changed.*originals\.json/),
    });
    expect(limit()).toBe(60_000);
    await rm(filler);
    await control.setLimit(change);
    expect(limit()).toBe(500_000);
    expect((await readOriginals(directory)).originals).toMatchObject([{ size: 60_000 }]);
    // Full once more: the limit goes back all the same, and the record says too much.
    await expect(writeFile(filler, Buffer.alloc(65_536))).rejects.toThrow(/ENOSPC/);
    await control.stop();
    expect(limit()).toBe(60_000);
    expect((await readOriginals(directory)).originals).toMatchObject([{ size: 60_000 }]);
    await directory.close();
  });
});
