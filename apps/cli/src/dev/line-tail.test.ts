import { expect, it } from 'vitest';
import { LineTail } from './line-tail.ts';

it('keeps the newest whole lines and tells each once, however the text is cut', () => {
  const told: string[] = [];
  const tail = new LineTail(2, (line) => told.push(line));
  for (const piece of ['one\ntw', 'o\nthree\n', 'fo']) tail.push(piece);
  expect(told).toEqual(['one', 'two', 'three']);
  expect(tail.lines()).toEqual(['two', 'three', 'fo']);
});
