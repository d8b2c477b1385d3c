import { expect, it } from 'vitest';
import { FreshUptime } from './fresh-uptime.ts';

const info = (uptimeS: number, instance = '1-1') => ({ version: '', pid: 1, uptimeS, instance });

it('an uptime that stands for more than 3 s belongs to an old answer', () => {
  const uptime = new FreshUptime();
  for (const [nowMs, uptimeS] of [
    [0, 5],
    [900, 5],
    [1_100, 6],
    [4_000, 6],
  ] as const) {
    uptime.check(nowMs, info(uptimeS));
  }
  expect(() => uptime.check(4_200, info(6))).toThrow('6 s for 3.1 s');
  uptime.check(4_300, info(7));
});

it('another run starts its own, and nothing is wrong with rare looks', () => {
  const uptime = new FreshUptime();
  uptime.check(0, info(60));
  uptime.check(60_000, info(120));
  uptime.check(120_000, info(120, '2-2'));
});
