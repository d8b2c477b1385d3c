import { RpcError } from '@levitate/grpc-kit';
import { describe, expect, it } from 'vitest';
import {
  ControllerFixture,
  drainBytesPerSecond,
  originalBytes,
} from './testing/controller-fixture.ts';

const enforce = { name: 'a', mode: 'enforce', max_changes_per_minute: 60 };
const full = { queueHighWaterBytes: originalBytes, droppedBytes: 600_000 };

async function held(fixture: ControllerFixture, name = 'a'): Promise<void> {
  await fixture.until(async () => (await fixture.target(name)).leaseHeld, `${name} is held`);
}

/** Samples that ask for more room, until the agent has been asked to change something. */
async function provoke(fixture: ControllerFixture): Promise<void> {
  const before = fixture.agent.changes.length;
  await fixture.until(async () => {
    if (fixture.agent.changes.length > before) return true;
    await fixture.sample(full);
    return false;
  }, 'a change was made');
}

describe('fsu-controller', () => {
  it('raises the limit under its lease when a queue drops, and says why', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    await held(fixture);
    await provoke(fixture);
    const [change] = fixture.agent.changes;
    expect(change).toMatchObject({ link: 'a', token: fixture.agent.token('a') });
    expect(change?.limitBytes).toBeGreaterThan(originalBytes);
    expect(change?.limitBytes).toBeLessThanOrEqual(drainBytesPerSecond * 0.15 * 0.98);
    await fixture.until(
      async () => (await fixture.decisions()).some(({ applied }) => applied),
      'the decision is settled',
    );
    const decision = (await fixture.decisions('a')).at(-1);
    expect(decision).toMatchObject({
      target: 'a',
      law: 'LAW_REACTIVE',
      mode: 'MODE_ENFORCE',
      applied: true,
      afterBytes: change?.limitBytes,
    });
    expect(decision?.text).toMatch(/^Raise 977 KB to/);
    const { tick, target } = await fixture.client.explainDecision({ id: decision?.id ?? 0 });
    expect(tick?.sample?.droppedBytes).toBe(600_000);
    expect(target).toMatchObject({ name: 'a', originalLimitBytes: originalBytes });
    expect(await fixture.metric('fsu_changes_total', { outcome: 'applied' })).toBeGreaterThan(0);
    expect(await fixture.metric('fsu_loop_duration_seconds')).toBeGreaterThan(0);
  });

  it('recommends each change once and makes none in recommend', async () => {
    await using fixture = await ControllerFixture.start({ targets: [{ name: 'a' }] });
    for (let tick = 0; tick < 20; tick += 1) await fixture.sample(full);
    await fixture.taken();
    const decisions = await fixture.decisions();
    expect(decisions.length).toBeGreaterThan(0);
    const recommended = decisions.map(({ allowedBytes }) => allowedBytes);
    expect(new Set(recommended).size).toBe(recommended.length);
    for (const decision of decisions) {
      expect(decision).toMatchObject({ applied: false, mode: 'MODE_RECOMMEND' });
      expect(decision.reasons).toContain('mode-recommend');
    }
    expect(fixture.agent.changes).toEqual([]);
    expect(fixture.agent.holder('a')).toBeUndefined();
    expect(await fixture.target('a')).toMatchObject({ refusedChanges: decisions.length });
  });

  it('estimates what the original limit would have dropped of the same traffic', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    await held(fixture);
    // 3 MB/s more than drains: without more room than the original all of it is dropped.
    const overfull = {
      ...{ throughputBytesPerSecond: drainBytesPerSecond + 3_000_000, droppedBytes: 0 },
      ...{ queueBytes: originalBytes, queueHighWaterBytes: originalBytes },
    };
    for (let tick = 0; tick < 20; tick++) {
      await fixture.sample({ ...overfull, queueBytes: originalBytes + tick * 300_000 });
    }
    await fixture.taken();
    const { shadow } = await fixture.target('a');
    expect(shadow?.seconds).toBeGreaterThan(1);
    expect(shadow?.measuredDroppedBytes).toBe(0);
    expect(shadow?.staticDroppedBytes).toBeGreaterThan(1_000_000);
    expect(shadow?.staticDroppedBytesLow).toBeLessThanOrEqual(shadow?.staticDroppedBytes ?? 0);
  });

  it('reports what recommend would have changed, also after a restart', async () => {
    await using fixture = await ControllerFixture.start({ targets: [{ name: 'a' }] });
    for (let tick = 0; tick < 20; tick += 1) await fixture.sample(full);
    await fixture.taken();
    const { reports } = await fixture.client.listReports({ target: 'a' });
    expect(reports).toHaveLength(1);
    const [report] = reports;
    expect(report).toMatchObject({ target: 'a', running: true, resource: 'RESOURCE_KIND_BUFFER' });
    expect(report?.meanRecommendedSize).toBeGreaterThan(report?.meanSize ?? Number.NaN);
    expect(report?.recommendedChanges).toBeGreaterThan(0);
    expect(report?.recommendedDroppedBytes).toBeLessThan(report?.measuredDroppedBytes ?? 0);
    expect(report?.text).toContain('of drops prevented (estimate;');
    await fixture.stopController();
    await fixture.startController();
    const again = await fixture.client.listReports({});
    expect(again.reports[0]?.measuredDroppedBytes).toBe(report?.measuredDroppedBytes);
    await expect(fixture.client.listReports({ target: 'z' })).rejects.toMatchObject({
      reason: 'TARGET_NOT_FOUND',
    });
  });

  it('only watches in observe', async () => {
    const targets = [{ name: 'a', mode: 'observe' }];
    await using fixture = await ControllerFixture.start({ targets });
    for (let tick = 0; tick < 10; tick += 1) await fixture.sample(full);
    await fixture.taken();
    expect(await fixture.decisions()).toEqual([]);
    expect(fixture.agent.changes).toEqual([]);
  });

  it('restores and changes nothing while paused, and goes on after resume', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    await held(fixture);
    await provoke(fixture);
    const { pausedUntilUnixMs } = await fixture.client.pause({ reason: 'incident' });
    expect(pausedUntilUnixMs).toBe(0);
    expect(fixture.agent.limit('a')).toBe(originalBytes);
    expect(fixture.agent.holder('a')).toBeUndefined();
    const before = fixture.agent.changes.length;
    for (let tick = 0; tick < 5; tick += 1) await fixture.sample(full);
    await fixture.until(
      async () => (await fixture.decisions()).some(({ reasons }) => reasons.includes('paused')),
      'a decision was withheld',
    );
    expect(fixture.agent.changes.length).toBe(before);
    expect(await fixture.client.listTargets({})).toMatchObject({ paused: true });
    await fixture.client.resume({});
    await held(fixture);
    await provoke(fixture);
  });

  it('ends a pause with an end by itself', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    const { pausedUntilUnixMs } = await fixture.client.pause({ durationSeconds: 0.2 });
    expect(pausedUntilUnixMs).toBeGreaterThan(0);
    await held(fixture);
    expect(await fixture.client.listTargets({})).toMatchObject({ paused: false });
  });

  it('rolls back, rests in observe, and remembers that over a restart', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    await held(fixture);
    await provoke(fixture);
    const { targets } = await fixture.client.rollback({ target: 'a' });
    expect(targets).toEqual([{ target: 'a', limitBytes: originalBytes }]);
    expect(fixture.agent.restores).toEqual(['a']);
    const [newest] = await fixture.decisions();
    await fixture.stopController();
    await fixture.startController();
    expect(await fixture.target('a')).toMatchObject({ mode: 'MODE_OBSERVE', leaseHeld: false });
    const [recalled] = await fixture.decisions();
    expect(recalled).toEqual(newest);
    await fixture.client.setMode({ mode: 'MODE_ENFORCE' });
    await held(fixture);
    await provoke(fixture);
    await fixture.until(
      async () => ((await fixture.decisions())[0]?.id ?? 0) > (newest?.id ?? 0),
      'identifiers go on',
    );
  });

  it('gives leases back when it stops, and takes its own up again at once', async () => {
    const config = { lease_ttl_ms: 60_000 };
    await using fixture = await ControllerFixture.start({ targets: [enforce], config });
    await held(fixture);
    await provoke(fixture);
    const holder = fixture.agent.holder('a');
    await fixture.stopController();
    expect(fixture.agent.limit('a')).toBe(originalBytes);
    expect(fixture.agent.holder('a')).toBeUndefined();
    // As if it had been killed: the lease is still held in its name.
    fixture.agent.occupy('a', holder ?? '');
    await fixture.startController();
    await held(fixture);
    expect(fixture.agent.holder('a')).toBe(holder);
  });

  it('stops changing when the lease is lost, says so, and takes it again', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    await held(fixture);
    const token = fixture.agent.token('a');
    const before = fixture.logged.length;
    fixture.agent.script.dropLeases = true;
    await fixture.until(
      () => fixture.logged.slice(before).some(({ fields }) => fields.alert === 'lease-lost'),
      'the loss is told',
    );
    fixture.agent.script.dropLeases = false;
    await held(fixture);
    expect(fixture.agent.token('a')).toBeGreaterThan(token);
    await provoke(fixture);
  });

  it('does not take a link from a holder that is alive', async () => {
    const targets = [{ ...enforce, mode: 'observe' }];
    await using fixture = await ControllerFixture.start({ targets });
    fixture.agent.occupy('a', 'other');
    await fixture.client.setMode({ target: 'a', mode: 'MODE_ENFORCE' });
    await fixture.until(
      () => fixture.logged.some(({ text }) => text.includes('held by other')),
      'it is told who has it',
    );
    await fixture.sample(full);
    await fixture.until(
      async () => (await fixture.decisions()).some((one) => one.reasons.includes('lease-not-held')),
      'a decision was withheld',
    );
    expect(fixture.agent.changes).toEqual([]);
    expect(fixture.agent.holder('a')).toBe('other');
  });

  it('opens the breaker after more than three failed changes and restores', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    await held(fixture);
    fixture.agent.script.failChanges = 4;
    await fixture.until(async () => {
      await fixture.sample(full);
      return (await fixture.target('a')).breaker === 'BREAKER_STATE_OPEN';
    }, 'the breaker is open');
    expect(fixture.agent.script.failChanges).toBe(0);
    expect(fixture.logged.some(({ fields }) => fields.alert === 'breaker-open')).toBe(true);
    await fixture.until(() => fixture.agent.holder('a') === undefined, 'the lease is given back');
    expect(fixture.agent.changes).toEqual([]);
    await fixture.client.setMode({ target: 'a', mode: 'MODE_ENFORCE' });
    await held(fixture);
    await provoke(fixture);
  });

  it('survives the death of its agent and goes on with the next', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    await held(fixture);
    const { address } = fixture.agent;
    await fixture.agent.stop();
    await fixture.sample(full);
    const isLost = async () => !(await fixture.target('a')).leaseHeld;
    await fixture.until(isLost, 'the lease has run out');
    await fixture.agent.start(address);
    await held(fixture);
    await provoke(fixture);
    expect(await fixture.target('a')).toMatchObject({ breaker: 'BREAKER_STATE_CLOSED' });
  });

  it('counts duplicates, late samples, gaps and clock steps and never shows a NaN', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    await held(fixture);
    await fixture.sample();
    const first = fixture.timeUnixMs;
    // The windows drop duplicates themselves; what comes out of order goes through.
    await fixture.sample({ timeUnixMs: first + 1_000 });
    await fixture.sample({ timeUnixMs: first + 500 });
    await fixture.sample({ timeUnixMs: first - 3_000_000, queueHighWaterBytes: undefined });
    await fixture.sample({ timeUnixMs: first - 2_999_900, intervalMs: undefined });
    for (let tick = 0; tick < 5; tick += 1) await fixture.sample(full);
    const outcome = (name: string) => fixture.metric('fsu_samples_total', { outcome: name });
    const isCounted = async () => (await outcome('after-gap')) > 0 && (await outcome('late')) > 0;
    await fixture.until(isCounted, 'gaps and late samples are counted');
    const shown = JSON.stringify(fixture.ticks);
    expect(shown).toContain('"utilisation"');
    expect(shown).not.toMatch(/"(utilisation|wishedBytes|allowedBytes)":null/);
    expect((await fixture.target('a')).limitBytes).toBeGreaterThan(0);
  });

  it('refuses what names no target, no decision and no mode', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    const { client } = fixture;
    const unknown = { code: 'NOT_FOUND', reason: 'TARGET_NOT_FOUND' };
    await expect(client.setMode({ target: 'x', mode: 'MODE_OBSERVE' })).rejects.toMatchObject(
      unknown,
    );
    await expect(client.rollback({ target: 'x' })).rejects.toMatchObject(unknown);
    await expect(client.listDecisions({ target: 'x' })).rejects.toMatchObject(unknown);
    const ticks = client.streamTicks({ targets: ['x'] })[Symbol.asyncIterator]();
    await expect(ticks.next()).rejects.toMatchObject(unknown);
    await expect(client.explainDecision({ id: 7 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      reason: 'DECISION_NOT_FOUND',
    });
    await expect(client.setMode({})).rejects.toBeInstanceOf(RpcError);
    await expect(client.pause({ durationSeconds: -1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field: 'duration_seconds' }],
    });
  });

  it('says of a rollback that an agent did not confirm which target it was', async () => {
    await using fixture = await ControllerFixture.start({ targets: [enforce] });
    await held(fixture);
    await fixture.agent.stop();
    await expect(fixture.client.rollback({})).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'AGENT_UNREACHABLE',
      metadata: { targets: 'a' },
    });
    expect(await fixture.target('a')).toMatchObject({ mode: 'MODE_OBSERVE' });
  });
});
