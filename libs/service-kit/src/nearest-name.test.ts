import { expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

it.each([
  ['listne', 'listen'],
  ['cert_file', 'tls.cert_file'],
  ['tls.certfile', 'tls.cert_file'],
  ['LISTEN', 'listen'],
  ['tls.cert', 'tls.cert_file'],
  ['grace_period', 'grace_period_ms'],
  ['zzz', undefined],
])('%s is taken for %s', (given, meant) => {
  const names = ['listen', 'tls.cert_file', 'tls.key_file', 'grace_period_ms', 'log_level'];
  expect(nearestName(given, names)).toBe(meant);
});
