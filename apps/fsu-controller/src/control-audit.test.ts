import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@levitate/clock';
import { newestRecords, verifyAudit } from '@levitate/security';
import { type Logger, StateDirectory, systemClock } from '@levitate/service-kit';
import { describe, expect, it, vi } from 'vitest';
import { openAudit } from './control-audit.ts';
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

/** What was told of how far it has come, as `levitate audit verify --known` takes it. */
function headsTold({ logged }: Pick<ControllerFixture, 'logged'>): string[] {
  return logged.flatMap(({ fields }) => (fields.auditHead as string | undefined) ?? []);
}

describe('the record of actions', () => {
  it('tells the log at start and stop how far it has come, so that a cut end shows', async () => {
    await using fixture = await ControllerFixture.start({ targets: [] });
    expect(headsTold(fixture)).toEqual([]);
    await fixture.client.resume({});
    await fixture.stopController();
    const [told = ''] = headsTold(fixture);
    expect(told).toMatch(/^1:[0-9a-f]{64}$/);
    await fixture.startController();
    expect(headsTold(fixture)).toEqual([told, told]);
    await fixture.stopController();
    await rm(join(fixture.stateDirectory, 'fsu-controller-audit'), { recursive: true });
    // The whole of it begun anew, as one would to hide what was done.
    await fixture.startController();
    await fixture.stopController();
    const [sequence, hash = ''] = told.split(':');
    const known = { sequence: Number(sequence), hash };
    expect(await inAudit(fixture, (directory) => verifyAudit(directory))).toMatchObject({
      isSound: true,
    });
    expect(await inAudit(fixture, (directory) => verifyAudit(directory, { known }))).toMatchObject({
      isSound: false,
    });
  });

  it('tells the log so every hour', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const path = await mkdtemp(join(tmpdir(), 'control-audit-'));
    const told: unknown[] = [];
    try {
      const log = await openAudit({
        path,
        limits: { segment_bytes_max: 65_536, segments_max: 2 },
        alerts: { raise() {}, resolve() {}, async close() {} },
        clock: new VirtualClock(),
        logger: { info: (fields: unknown) => told.push(fields) } as unknown as Logger,
      });
      const entry = { actor: 'a', action: 'b', target: '', cause: '', outcome: 'done' };
      await log.append({ ...entry, timeUnixMs: 1 });
      vi.advanceTimersByTime(3 * 3_600_000);
      expect(told).toHaveLength(3);
      await log.closeAll();
      expect(told).toHaveLength(4);
      vi.advanceTimersByTime(2 * 3_600_000);
      expect(told).toHaveLength(4);
    } finally {
      vi.useRealTimers();
      await rm(path, { recursive: true });
    }
  });

  it('holds what a day in recommend came to, which log and alerts tell too', async () => {
    let aheadMs = 0;
    const clock = { ...systemClock, unixMs: () => systemClock.unixMs() + aheadMs };
    await using fixture = await ControllerFixture.start({ targets: [{ name: 'a' }], clock });
    for (let tick = 0; tick < 10; tick += 1) await fixture.sample(full);
    await fixture.taken();
    aheadMs = 24 * 3_600_000;
    const isTold = (key: string) => fixture.logged.some(({ fields }) => fields[key] !== undefined);
    await fixture.until(() => isTold('report'), 'the day is reported');
    expect(isTold('alert')).toBe(true);
    const { reports } = await fixture.client.listReports({ target: 'a' });
    expect(reports[0]).toMatchObject({ running: false });
    await fixture.stopController();
    const records = await inAudit(fixture, (directory) => newestRecords(directory, { limit: 50 }));
    expect(records.find(({ action }) => action === 'report')).toMatchObject({
      target: 'a',
      cause: reports[0]?.text,
      before: reports[0]?.meanSize,
      outcome: 'recommended',
    });
  });

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
