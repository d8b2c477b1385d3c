import { expect, it } from 'vitest';
import { renderTable } from './table.ts';

it('numbers stand to the right with separators, texts to the left, nothing trails', () => {
  const rows = [
    ['reactive', 524_288, true],
    ['p', 1, false],
  ];
  expect(renderTable(['NAME', 'BYTES', 'ON'], rows)).toBe(
    ['NAME        BYTES  ON', 'reactive  524,288  yes', 'p               1  no'].join('\n'),
  );
});

it('a missing cell is a dash, an empty table its heads', () => {
  expect(renderTable(['A', 'B'], [[undefined, '']])).toBe('A  B\n-  -');
  expect(renderTable(['A', 'B'], [])).toBe('A  B');
});
