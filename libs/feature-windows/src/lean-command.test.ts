import fc from 'fast-check';
import { Command } from 'ioredis';
import { expect, it } from 'vitest';
import { LeanCommand } from './lean-command.ts';

it('its bytes are those that ioredis makes of the same words', () => {
  const word = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer());
  fc.assert(
    fc.property(fc.array(word, { maxLength: 200 }), (words) => {
      const theirs = Buffer.from(new Command('xread', words).toWritable({} as never));
      expect(new LeanCommand('xread', words).toWritable().equals(theirs)).toBe(true);
    }),
  );
});
