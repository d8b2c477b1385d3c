import { contracts } from '@levitate/contracts';
import { expect, it } from 'vitest';
import { decodedMessage } from './decoded-message.ts';

const decode = contracts.telemetry.definition.PushSamples?.requestDeserialize as (
  bytes: Buffer,
) => unknown;

it('a message is what its codec reads', () => {
  expect(decodedMessage(Buffer.alloc(0), decode)).toEqual(decode(Buffer.alloc(0)));
});

it('bytes that are no message are an internal error, as grpc-js says it', () => {
  const cut = Buffer.from([0x0a, 0x7f, 0x01]);
  expect(() => decodedMessage(cut, decode)).toThrow(
    expect.objectContaining({ code: 'INTERNAL', reason: 'UNREADABLE_MESSAGE' }),
  );
});
