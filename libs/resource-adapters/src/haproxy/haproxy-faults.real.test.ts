import { realHaproxy } from '@levitate/testing';
import { expect, it as plainIt, type TestContext } from 'vitest';
import {
  type BackendUnderTest,
  eventually,
  failures,
  load,
  reasonsOf,
  rule,
  said,
  soon,
  startBackend,
  startTampered,
} from './testing/backend-under-test.ts';

const asFound = [20, 20, 10, 10];

/** Under a load for which 20 or 40 requests/s of capacity are enough; ruled, and settled. */
async function settle<T extends BackendUnderTest>(test: TestContext, parts: T) {
  void load({ test, lab: parts.lab }, { perSecond: 15, seconds: 8 });
  const ruled = rule({ test, resource: parts.resource });
  await eventually(() => {
    const decisions = ruled.events.filter((event) => event.kind === 'decision').slice(-5);
    const sizes = decisions.map(({ decision }) => decision.size ?? 0);
    expect(sizes).toEqual(Array.from({ length: 5 }, () => sizes.at(-1)));
    expect(sizes.at(-1)).toBeLessThanOrEqual(60);
  });
  return { ...parts, ...ruled };
}

async function settled(test: TestContext) {
  return settle(test, await startBackend(test));
}

async function inRotation({ weights }: Pick<BackendUnderTest, 'weights'>): Promise<number> {
  return (await weights()).filter((weight) => weight > 0).length;
}

realHaproxy.describe('a ruled HAProxy', () => {
  // Each has a HAProxy of its own, and mostly waits.
  const it = plainIt.concurrent;

  it('is killed, and comes back as configured: ruled on from there', async (test) => {
    const { lab, controller, events, weights } = await settled(test);
    await lab.crash();
    await eventually(() => said(events, 'breaker-open'));
    expect(failures(events)).toContain('UNREACHABLE');
    await lab.run();
    expect(await weights()).toEqual(asFound);
    controller.resetBreaker();
    await eventually(async () => expect(await inRotation({ weights })).toBeLessThanOrEqual(2));
    await controller.stop();
    expect(await weights()).toEqual(asFound);
  });

  it('hangs: no call does, and all is put back when it goes on', async (test) => {
    const { lab, controller, events, weights } = await settled(test);
    lab.signal('SIGSTOP');
    await eventually(() => said(events, 'breaker-open'));
    lab.signal('SIGCONT');
    // It is tried again by itself, too; this is not to wait for that.
    await eventually(async () => expect(await controller.restore()).toBe(true));
    expect(await weights()).toEqual(asFound);
  });

  it('is restarted with other settings: they are the new original', async (test) => {
    const { lab, controller, events, weights } = await settled(test);
    await lab.crash();
    const weightsNow = [50, 50, 30, 30];
    const servers = weightsNow.map((weight) => ({ ratePerSecond: 20, weight }));
    await lab.run({ servers });
    await eventually(() => said(events, 'restarted'));
    controller.resetBreaker();
    await eventually(async () => expect(await inRotation({ weights })).toBeLessThan(4));
    await controller.stop();
    expect(await weights()).toEqual(weightsNow);
  });

  it('answers garbage: nothing is measured, and all is put back', async (test) => {
    const { proxy, controller, events, weights } = await settle(test, await startTampered(test));
    proxy.tampering = { answer: (text) => text.replaceAll(/\d/g, '?') };
    await eventually(() => said(events, 'breaker-open'));
    expect(failures(events)).toContain('GARBAGE');
    proxy.tampering = { answer: (text) => text.slice(0, text.length / 2) };
    await controller.tick();
    expect(failures(events)).toContain('CUT_SHORT');
    proxy.tampering = {};
    await eventually(async () => expect(await controller.restore()).toBe(true));
    expect(await weights()).toEqual(asFound);
  });

  it('ignores commands: that is seen, and not taken for done', async (test) => {
    const { proxy, lab, resource, weights } = await startTampered(test);
    void load({ test, lab }, { perSecond: 15, seconds: 8 });
    proxy.tampering = {
      line: (line) => (line.startsWith('set ') ? undefined : line),
      silence: (line) => '\n'.repeat(line.split(';').length),
    };
    const { events } = rule({ test, resource });
    await eventually(() => {
      const decisions = events.filter((event) => event.kind === 'decision');
      const reasons = decisions.flatMap(({ decision }) => decision.reasons);
      expect(reasons).toContain('ignored');
    });
    expect(await weights()).toEqual(asFound);
    proxy.tampering = {};
  });

  it('lies: a constant is stale, a hundredfold is implausible', async (test) => {
    const { proxy, resource } = await startTampered(test);
    let first: string | undefined;
    proxy.tampering = {
      answer: (text) => {
        first ??= text;
        return first;
      },
    };
    await eventually(async () => {
      // No rejects here: a look that fails would be counted against a test that runs beside.
      const why = await resource.measure(soon()).catch((error: unknown) => error);
      expect(why).toMatchObject({ code: 'STALE' });
    });
    proxy.tampering = {
      answer: (text) => text.replace(/^(lab,BACKEND,)\d+/m, '$199999999'),
    };
    const { events } = rule({ test, resource });
    await eventually(() => expect(reasonsOf(events)).toContain('implausible'));
    proxy.tampering = {};
  });

  it('is told other weights by hand: left alone, said, and taken from there', async (test) => {
    const { direct, events, resource, weights } = await settled(test);
    const hand = asFound.map((weight, index) => [`s${index + 1}`, weight - 5] as const);
    await direct.setWeights('lab', hand, soon());
    await eventually(() => expect(reasonsOf(events)).toContain('set-by-hand'));
    expect(await weights()).toEqual(hand.map(([, weight]) => weight));
    expect(resource.metrics().serversSetByHand).toBe(4);
    await eventually(async () => expect(await inRotation({ weights })).toBeLessThan(4));
    expect(reasonsOf(events)).not.toContain('set-by-hand');
  });

  it('loses a server: another takes its place', async (test) => {
    const { lab, weights } = await settled(test);
    const dead = (await weights()).findIndex((weight) => weight > 0);
    await lab.servers[dead]?.stop();
    await eventually(async () => {
      const now = await weights();
      expect(now[dead]).toBe(0);
      expect(await inRotation({ weights })).toBeGreaterThan(0);
    });
  });
});
