import { expect, it } from 'vitest';
import { readWeights, writeWeights } from './weight-notes.ts';

it('reads what it wrote', () => {
  const server = { isUp: true, isBackup: false, nominalWeight: 9 };
  const text = writeWeights([
    { ...server, name: 's1', weight: 0, isHeld: true },
    { ...server, name: 's2', weight: 256, isHeld: false },
  ]);
  expect(JSON.parse(text)).toMatchObject({ held: ['s1'] });
  expect(readWeights(text)).toEqual(
    new Map([
      ['s1', 0],
      ['s2', 256],
    ]),
  );
});

it.each([
  '',
  'null',
  '[]',
  '{"version":2,"weights":{}}',
  '{"version":1}',
  '{"version":1,"weights":{"s1":257}}',
  '{"version":1,"weights":{"s1":"1"}}',
  '{"version":1,"weights":{"s1":1.5}}',
  'x'.repeat(2_000_000),
])('takes nothing else for notes: %.40s', (text) => {
  expect(() => readWeights(text)).toThrow(expect.objectContaining({ code: 'INVALID' }));
});
