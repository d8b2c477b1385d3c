import { expect, it } from 'vitest';
import { refusalError, refusalOf } from './refusal.ts';
import { RpcError } from './rpc-error.ts';

it('carries an error over the wire as the call for the item alone would have', () => {
  const refused = new RpcError({ code: 'NOT_FOUND', reason: 'LINK_UNKNOWN', message: 'no link' });
  const error = refusalError(refusalOf(refused));
  expect(error).toMatchObject({ code: 'NOT_FOUND', reason: 'LINK_UNKNOWN', message: 'no link' });
  expect(error.received).toBe(true);
});

it('leaks nothing of an error that is nobody else s business', () => {
  const refusal = refusalOf(new Error('/var/lib/secret is gone'));
  expect(refusal).toMatchObject({ code: 'INTERNAL', reason: 'INTERNAL' });
  expect(refusal.message).not.toContain('secret');
});

it('takes a code it does not know for UNKNOWN', () => {
  expect(refusalError({ code: 'OK', reason: '', message: '' }).code).toBe('UNKNOWN');
  expect(refusalError({ code: 'TEAPOT', reason: '', message: '' }).code).toBe('UNKNOWN');
});
