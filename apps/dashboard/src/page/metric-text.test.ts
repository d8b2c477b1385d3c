import { expect, it } from 'vitest';
import { metricText } from './metric-text.ts';

it.each([
  ['clientsWaiting', 3, 'Clients waiting', '3'],
  ['liveBytes', 60_817_408, 'Live', '58.0 MB'],
  ['allocationBytesPerSecond', 14_329_928, 'Allocation', '13.7 MB/s'],
  ['requestsPerSecond', 73.4, 'Requests', '73.4/s'],
  ['gcPressureRatio', 0.031, 'GC pressure', '3.10 %'],
  ['gcCycleSeconds', 0.104, 'GC cycle', '104 ms'],
  ['responseSecondsMean', 1.25, 'Response mean', '1.25 s'],
  ['oldestWaitS', 0, 'Oldest wait', '0 s'],
  ['turnedAwayTotal', 3_517, 'Turned away', '3,517'],
  ['isPaused', 0, 'Paused', 'no'],
  ['cpuCores', 0.03, 'CPU cores', '0.03'],
  ['servers', 6, 'Servers', '6'],
])('%s of %d is read as %s %s', (name, value, label, text) => {
  expect(metricText(name, value)).toEqual({ label, text });
});
