import { expect, it } from 'vitest';
import { logTail } from './verifier-log.ts';

it('of a long log the last twelve lines are kept, without the statistics at its end', () => {
  const lines = Array.from({ length: 40 }, (_, at) => `line ${at}`);
  const tail = logTail([...lines, '', 'processed 76 insns (limit 1000000)'].join('\n'));
  expect(tail.split('\n')).toEqual(lines.slice(28).map((line) => `  ${line}`));
});

it('a line is cut at 160 characters, and no log gives no lines', () => {
  expect(logTail('x'.repeat(500))).toHaveLength(162);
  expect(logTail('')).toBe('');
});
