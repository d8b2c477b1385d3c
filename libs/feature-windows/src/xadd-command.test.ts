import fc from 'fast-check';
import { Command } from 'ioredis';
import { expect, it } from 'vitest';
import { xaddBytes } from './xadd-command.ts';

it('its bytes are those that ioredis makes of the same words', () => {
  const entry = fc.record({
    key: fc.string({ unit: 'grapheme', minLength: 1 }),
    entriesMax: fc.nat(),
    id: fc.constantFrom('1-1', '1700000000000-600'),
    field: fc.constant('levitate.telemetry.v1.Sample'),
    value: fc.uint8Array({ minLength: 1, maxLength: 6000 }).map((bytes) => Buffer.from(bytes)),
  });
  fc.assert(
    fc.property(entry, ({ key, entriesMax, id, field, value }) => {
      const words = [key, 'MAXLEN', '~', entriesMax, id, field, value];
      const theirs = Buffer.from(new Command('XADD', words).toWritable({} as never));
      expect(xaddBytes({ key, entriesMax, id, field, value }).equals(theirs)).toBe(true);
    }),
  );
});
