import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realBpfToolchain } from '@levitate/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { BpfObject } from './bpf-object.ts';
import { enableRunStatistics } from './run-statistics.ts';
import { testRun } from './test-run.ts';
import { buildObject } from './testing/build-object.ts';

const XDP = { drop: 1, pass: 2 };

realBpfToolchain.describe('a test run', () => {
  const { it } = realBpfToolchain;
  const folder = mkdtempSync(join(tmpdir(), 'lev-bpf-run-'));
  let object: BpfObject;
  beforeAll(() => {
    object = BpfObject.open(buildObject('tiny', folder));
    object.load();
  });
  afterAll(() => {
    object.close();
    rmSync(folder, { recursive: true });
  });

  it('gives the verdict of the program and the packet as it left it', () => {
    const program = object.program('tiny_xdp');
    const data = Buffer.alloc(100, 7);
    expect(testRun({ program, data })).toMatchObject({ verdict: XDP.pass, data });
    const drop = Buffer.alloc(8);
    drop.writeBigUInt64LE(BigInt(XDP.drop));
    object.map('settings').update(Buffer.alloc(4), drop);
    expect(testRun({ program, data }).verdict).toBe(XDP.drop);
    expect(testRun({ program: object.program('tiny_egress'), data }).verdict).toBe(-1);
  });

  it('is counted in the run statistics while they are on, and not after', () => {
    const program = object.program('tiny_egress');
    const run = () => testRun({ program, data: Buffer.alloc(64), repeat: 1000 });
    const statistics = enableRunStatistics();
    const before = program.info();
    run();
    const after = program.info();
    expect(after.runCount - before.runCount).toBe(1000);
    expect(after.runTimeNs).toBeGreaterThan(before.runTimeNs);
    statistics.close();
    statistics.close();
    expect(after).toMatchObject({ id: before.id, tag: before.tag, name: 'tiny_egress' });
  });

  it('takes packets and repeats within bounds only', () => {
    const program = object.program('tiny_xdp');
    for (const length of [0, 13, 65_537]) {
      expect(() => testRun({ program, data: Buffer.alloc(length) })).toThrow(/14 to 65536 B/);
    }
    for (const repeat of [0, -1, 1.5, Number.NaN, 10_000_001]) {
      const run = () => testRun({ program, data: Buffer.alloc(64), repeat });
      expect(run).toThrow(/1 to 10000000 runs/);
    }
  });
});
