import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newestRecords, verifyAudit } from '@levitate/security';
import { StateDirectory } from '@levitate/service-kit';
import { describe, expect, it } from 'vitest';
import { ControllerFixture, originalBytes } from './testing/controller-fixture.ts';

const full = { queueHighWaterBytes: originalBytes, droppedBytes: 600_000 };

async function inAudit<T>(fixture: ControllerFixture, look: (of: StateDirectory) => Promise<T>) {
  const directory = await StateDirectory.open(join(fixture.stateDirectory, 'fsu-controller-audit'));
  try {
    return await look(directory);
  } finally {
    await directory.close();
  }
}

describe('the record of actions', () => {
  it('holds each change with its cause, each order with its caller, in a chain', async () => {
    const target = { name: 'a', mode: 'enforce', max_changes_per_minute: 60 };
    await using fixture = await ControllerFixture.start({ targets: [target] });
    await fixture.until(async () => (await fixture.target('a')).leaseHeld, 'the lease is held');
    await fixture.until(async () => {
      await fixture.sample(full);
      return (await fixture.target('a')).changes > 0;
    }, 'a change was made');
    await fixture.client.setMode({ target: 'a', mode: 'MODE_RECOMMEND' });
    await fixture.client.rollback({ target: 'a' });
    await expect(fixture.client.rollback({ target: 'nobody' })).rejects.toThrow('no target nobody');
    await fixture.stopController();
    const records = await inAudit(fixture, (directory) => newestRecords(directory, { limit: 50 }));
    const resize = records.findLast(({ action }) => action === 'resize');
    expect(resize).toMatchObject({ target: 'a', before: originalBytes, outcome: 'applied' });
    expect(resize?.cause).toContain('above-setpoint');
    const orders = records.filter(({ action }) => action !== 'resize').reverse();
    expect(orders).toMatchObject([
      { action: 'set-mode', target: 'a', after: 'MODE_RECOMMEND', outcome: 'done' },
      { action: 'rollback', target: 'a', outcome: 'done' },
      { action: 'rollback', target: 'nobody', outcome: 'TARGET_NOT_FOUND' },
    ]);
    expect(orders[0]?.actor).toMatch(/127\.0\.0\.1/);
    expect((await inAudit(fixture, verifyAudit)).faults).toEqual([]);
  });

  it('raises an alert when what it holds was altered', async () => {
    await using fixture = await ControllerFixture.start({ targets: [] });
    await fixture.client.pause({ reason: 'one' });
    await fixture.client.resume({});
    await fixture.stopController();
    const folder = join(fixture.stateDirectory, 'fsu-controller-audit');
    const [name = ''] = (await readdir(folder)).filter((each) => each.endsWith('.jsonl'));
    const path = join(folder, name);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"one"', '"two"'));
    await fixture.startController();
    const isTold = () => fixture.logged.some(({ fields }) => fields.alert === 'audit-broken');
    expect(isTold()).toBe(true);
  });
});
