import type { fsuController } from '@levitate/contracts';
import { expect, it } from 'vitest';
import { reportText } from './report-text.ts';

const day = {
  target: 'uplink',
  begunUnixMs: Date.UTC(2026, 10, 22, 6),
  text: 'In 3.2 h of recommend control would have made 4 changes: more; nothing was dropped.',
};

it('shows each day of each target, and which one still runs', () => {
  const reports = [
    { ...day, running: true },
    { ...day, begunUnixMs: Date.UTC(2026, 10, 21, 6), running: false },
  ] as fsuController.Report[];
  expect(reportText(reports).split('\n')).toEqual([
    'DAY FROM                     TARGET  WHAT CONTROL WOULD HAVE CHANGED',
    `2026-11-22T06:00Z (running)  uplink  ${day.text}`,
    `2026-11-21T06:00Z            uplink  ${day.text}`,
  ]);
});

it('says how to get a report where there is none', () => {
  expect(reportText([])).toContain('next: levitate fsu mode recommend --target NAME');
});
