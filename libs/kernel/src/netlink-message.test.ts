import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  align4,
  asciiAt,
  attributeOffset,
  attributeSpan,
  MessageWriter,
  NETLINK,
  type Span,
  u64At,
} from './netlink-message.ts';

function bodyOf(message: Uint8Array): Span {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  return { view, start: NETLINK.headerBytes, end: message.length };
}

it('the header carries length, type, flags and sequence', () => {
  const bytes = new MessageWriter({ type: 38, flags: 0x301, sequence: 7 }).words(1).finish();
  expect(Buffer.from(bytes).toString('hex')).toBe('14000000260001030700000000000000' + '01000000');
});

it('every attribute that was written is found with its payload, padding left out', () => {
  const payloads = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 12 });
  fc.assert(
    fc.property(payloads, (list) => {
      const writer = new MessageWriter({ type: 1, flags: 0, sequence: 1 });
      list.forEach((payload, index) => {
        writer.attribute(index + 1, payload);
      });
      const message = writer.finish();
      expect(message.length).toBe(align4(message.length));
      list.forEach((payload, index) => {
        const found = attributeSpan(bodyOf(message), index + 1);
        expect(found && message.slice(found.start, found.end)).toEqual(payload);
      });
    }),
  );
});

it('a nest holds its attributes and hides them from the level above', () => {
  const message = new MessageWriter({ type: 1, flags: 0, sequence: 1 })
    .nest(2, (nest) =>
      nest
        .attributeU32(5, 42)
        .attributeText(6, 'tbf')
        .attributeU64(7, 2 ** 40 + 3),
    )
    .finish();
  const body = bodyOf(message);
  expect(attributeOffset(body, 5)).toBe(-1);
  const nest = attributeSpan(body, 2);
  if (nest === undefined) throw new Error('no nest');
  expect(nest.view.getUint32(attributeOffset(nest, 5), true)).toBe(42);
  const text = attributeSpan(nest, 6);
  expect(text && asciiAt(text)).toBe('tbf');
  expect(u64At(nest.view, attributeOffset(nest, 7))).toBe(2 ** 40 + 3);
});

it('a type with its nested flag set is found by its number', () => {
  const message = new MessageWriter({ type: 1, flags: 0, sequence: 1 })
    .attributeU32(0x8000 | 8, 5)
    .finish();
  expect(attributeOffset(bodyOf(message), 8)).toBeGreaterThan(0);
});

it('no bytes whatever make the search leave its span', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.integer({ min: 0, max: 40 }),
      (bytes, type) => {
        const copy = bytes.slice();
        const span = { view: new DataView(copy.buffer), start: 0, end: copy.length };
        const found = attributeSpan(span, type);
        if (found === undefined) return;
        expect(found.start).toBeGreaterThanOrEqual(4);
        expect(found.end).toBeGreaterThanOrEqual(found.start);
        expect(found.end).toBeLessThanOrEqual(copy.length);
      },
    ),
  );
});
