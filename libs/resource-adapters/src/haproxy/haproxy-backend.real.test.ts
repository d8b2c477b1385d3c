import { realHaproxy } from '@levitate/testing';
import { expect, it as plainIt } from 'vitest';
import { HaproxyBackend } from './haproxy-backend.ts';
import { eventually, load, rule, said, soon, startBackend } from './testing/backend-under-test.ts';

/** On a busy machine checks may be late, and then requests are turned away. */
const unchecked = { checkEveryMs: 0 };

realHaproxy.describe('a backend of a real HAProxy', () => {
  // Each has a HAProxy of its own, and mostly waits.
  const it = plainIt.concurrent;

  it('knows its bounds, and measures what passes', async (test) => {
    const { lab, resource } = await startBackend(test, unchecked);
    expect(resource).toMatchObject({ min: 20, max: 120, quantum: 20, unit: 'requests/s' });
    const loaded = load({ test, lab }, { perSecond: 30, seconds: 2 });
    await eventually(async () => {
      const { size, need, rejected, delayS, instance } = await resource.measure(soon());
      expect(size).toBe(120);
      expect(need).toBeGreaterThan(10);
      expect(need).toBeLessThan(100);
      expect(rejected).toBe(0);
      expect(delayS).toBeLessThan(1);
      expect(instance).toMatch(/^\d+-\d+$/);
    });
    expect(await loaded).toBe(1);
    expect(resource.metrics()).toMatchObject({
      servers: 4,
      serversHealthy: 4,
      serversInRotation: 4,
      serversDraining: 0,
      queuedRequests: 0,
      usableRequestsPerSecond: 120,
    });
  });

  it('acts, reads back, and restores what it found to the last weight', async (test) => {
    const { direct, resource, weights } = await startBackend(test);
    await direct.setWeights('lab', [['s2', 13]], soon());
    const { size } = await resource.measure(soon());
    expect(size).toBe(106);
    const snapshot = await resource.snapshot(soon());
    await resource.apply(60, soon());
    expect(await weights()).toEqual([20, 0, 10, 0]);
    expect((await resource.measure(soon())).size).toBe(60);
    await resource.restore({ size, snapshot }, soon());
    expect(await weights()).toEqual([20, 13, 10, 10]);
    expect((await resource.measure(soon())).size).toBe(106);
  });

  it('drains whom it takes out: no request is lost', async (test) => {
    const { direct, lab, resource } = await startBackend(test, unchecked);
    const loaded = load({ test, lab }, { perSecond: 20, seconds: 3 });
    let arrived = 0;
    for (const size of [20, 120, 40, 100, 20, 80]) {
      await resource.apply(size, soon());
      arrived += 6;
      await eventually(async () => {
        const { traffic } = await direct.read('lab', soon());
        expect(traffic.backend.arrivals).toBeGreaterThan(arrived);
      });
    }
    expect(await loaded).toBe(1);
  });

  it('takes a server that has become slow out of the rotation', async (test) => {
    const { direct, lab, resource, weights } = await startBackend(test);
    await resource.apply(60, soon());
    expect(await weights()).toEqual([20, 0, 10, 0]);
    void load({ test, lab }, { perSecond: 40, seconds: 20 });
    const slow = () => resource.metrics().serversSlow;
    // What it takes to know how fast the server is when it is well.
    await eventually(async () => {
      const { traffic } = await direct.read('lab', soon());
      await resource.measure(soon());
      expect(traffic.servers.get('s1')?.arrivals).toBeGreaterThan(60);
    });
    (lab.servers[0] as { speed: number }).speed = 0.2;
    await eventually(async () => {
      const { isStale, need, size } = await resource.measure(soon());
      expect(slow()).toBe(1);
      expect(need).toBeGreaterThan(size);
      expect(isStale).toBe(true);
    });
    await resource.apply(60, soon());
    expect((await resource.measure(soon())).isStale).toBe(false);
    expect(await weights()).toEqual([0, 20, 10, 0]);
  });

  it('leaves alone whom an operator has put into maintenance', async (test) => {
    const { direct, resource, weights } = await startBackend(test);
    const snapshot = await resource.snapshot(soon());
    await direct.setState('lab', 's1', 'maint', soon());
    await resource.apply(40, soon());
    expect(await weights()).toEqual([20, 20, 0, 0]);
    expect((await resource.measure(soon())).size).toBe(40);
    expect(resource.metrics()).toMatchObject({ serversHeldByOperator: 1, serversInRotation: 1 });
    await resource.restore({ size: 120, snapshot }, soon());
    const { servers } = await direct.read('lab', soon());
    expect(servers.map(({ isHeld }) => isHeld)).toEqual([true, false, false, false]);
    expect(await weights()).toEqual([20, 20, 10, 10]);
  });

  it('is ruled: what is not needed leaves the rotation, and all is put back', async (test) => {
    const { lab, resource, weights } = await startBackend(test, unchecked);
    const loaded = load({ test, lab }, { perSecond: 25, seconds: 3 });
    const { controller, events } = rule({ test, resource });
    await eventually(async () => {
      const inRotation = (await weights()).filter((weight) => weight > 0);
      expect(inRotation.length).toBeLessThanOrEqual(2);
    });
    await controller.stop();
    expect(await weights()).toEqual([20, 20, 10, 10]);
    said(events, 'restored');
    expect(await loaded).toBe(1);
  });

  it('says that a backend is not there', async (test) => {
    const { lab } = await startBackend(test);
    const opened = HaproxyBackend.open({ ...lab.source, backend: 'other' }, soon());
    await expect(opened).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
