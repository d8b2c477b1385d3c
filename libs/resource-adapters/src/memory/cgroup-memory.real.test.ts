import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller } from '@levitate/resource-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { CgroupMemory } from './cgroup-memory.ts';

const mib = 2 ** 20;
const root = existsSync('/sys/fs/cgroup/memory') ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup';
const folder = join(root, `levitate-test-${process.pid}`);
/** Holds 64 MiB. */
const program = `const held = Buffer.alloc(64 * 2 ** 20, 1); console.log('held');
  process.stdin.resume().on('end', () => process.exit(held.length === 0 ? 1 : 0));`;

/** Not every machine lets groups be made, and not every group has memory. */
function missing(): string | undefined {
  try {
    mkdirSync(folder);
    const isLimited = ['memory.high', 'memory.limit_in_bytes'].some((file) =>
      existsSync(join(folder, file)),
    );
    rmdirSync(folder);
    return isLimited ? undefined : `${root} has no controller of memory`;
  } catch (cause) {
    return `no control group can be made in ${root}: ${cause}`;
  }
}

const why = missing();
describe.skipIf(why !== undefined)(`memory of a control group${why ? ` (${why})` : ''}`, () => {
  let child: ChildProcess | undefined;

  afterEach(async () => {
    if (child?.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmdirSync(folder);
  });

  it('is measured, limited, read back and given back', async () => {
    mkdirSync(folder);
    child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    await writeFile(join(folder, 'cgroup.procs'), `${child.pid}`);
    if (child.stdout !== null) await once(child.stdout, 'data');
    const memory = new CgroupMemory({ folder, min: 16 * mib, max: 1024 * mib });
    const before = await memory.snapshot();
    expect((await memory.measure()).size).toBe(1024 * mib);
    const { need, instance } = await memory.measure();
    expect(need).toBeGreaterThan(50 * mib);
    expect(need).toBeLessThan(400 * mib);

    const controller = new Controller({ resource: memory });
    for (let tick = 0; tick < 30; tick++) await controller.tick();
    const { size } = await memory.measure();
    expect(size).toBeLessThan(1024 * mib);
    expect(size).toBeGreaterThan(need);
    await controller.stop();
    expect(await memory.snapshot()).toBe(before);
    expect((await memory.measure()).instance).toBe(instance);
  });

  it('of which too much is in use to be limited so far says so', async (context) => {
    mkdirSync(folder);
    if (!existsSync(join(folder, 'memory.limit_in_bytes'))) context.skip('version 1 alone refuses');
    child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    await writeFile(join(folder, 'cgroup.procs'), `${child.pid}`);
    if (child.stdout !== null) await once(child.stdout, 'data');
    const memory = new CgroupMemory({ folder, min: mib, max: 1024 * mib });
    await expect(memory.apply(16 * mib)).rejects.toMatchObject({ code: 'in-use' });
    expect((await memory.measure()).size).toBe(1024 * mib);
  });
});
