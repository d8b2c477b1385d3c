import { expect, it } from 'vitest';
import type { BackendTraffic, TrafficRow } from './read-answers.ts';
import { TrafficWindow } from './traffic-window.ts';

const nothing: TrafficRow = {
  queued: 0,
  current: 0,
  arrivals: 0,
  failed: 0,
  errors: 0,
  retried: 0,
  perSecond: 0,
  queueS: 0,
  connectS: 0,
  responseS: 0,
  totalS: 0,
};

function traffic(backend: Partial<TrafficRow>, s1: Partial<TrafficRow> = {}): BackendTraffic {
  const servers = new Map([['s1', { ...nothing, ...s1 }]]);
  return { backend: { ...nothing, ...backend }, servers, backups: new Set() };
}

it('takes rates over its window, and none before it', () => {
  const window = new TrafficWindow({ windowMs: 1_000 });
  window.add(0, traffic({ arrivals: 1_000_000, perSecond: 7 }));
  window.add(500, traffic({ arrivals: 1_000_100, failed: 5 }));
  const rates = window.add(
    1_000,
    traffic({ arrivals: 1_000_100, failed: 5, queued: 3 }, { queued: 2 }),
  );
  expect(rates).toEqual({
    arrivedPerSecond: 100,
    rejectedPerSecond: 5,
    retriedPerSecond: 0,
    queued: 5,
  });
  expect(window.add(1_500, traffic({ arrivals: 1_000_100 })).arrivedPerSecond).toBe(0);
});

it('at its first look it has the last second of HAProxy itself', () => {
  const window = new TrafficWindow({ windowMs: 1_000 });
  expect(window.add(0, traffic({ arrivals: 9, perSecond: 7 })).arrivedPerSecond).toBe(7);
});

it('counters that were cleared start it anew', () => {
  const window = new TrafficWindow({ windowMs: 1_000 });
  window.add(0, traffic({ arrivals: 500 }));
  expect(window.add(100, traffic({ arrivals: 3, perSecond: 4 })).arrivedPerSecond).toBe(4);
  expect(window.add(200, traffic({ arrivals: 13 })).arrivedPerSecond).toBe(100);
});

it('tells what a server did: served, failed, and what is there', () => {
  const window = new TrafficWindow({ windowMs: 1_000 });
  window.add(0, traffic({}, { arrivals: 10, current: 2 }));
  window.add(
    200,
    traffic({}, { arrivals: 30, current: 4, queued: 1, failed: 1, errors: 8, retried: 2 }),
  );
  expect(window.periods().get('s1')).toEqual({
    lengthS: 0.2,
    served: 10,
    failed: 11,
    inFlight: 5,
  });
});

it('holds a bounded number of looks', () => {
  const window = new TrafficWindow({ windowMs: Number.POSITIVE_INFINITY });
  for (let at = 0; at < 5_000; at++) window.add(at, traffic({ arrivals: at }));
  expect(window.add(5_000, traffic({ arrivals: 6_000 })).arrivedPerSecond).toBeCloseTo(2_001, 0);
});
