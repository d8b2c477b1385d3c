import { expect, it } from 'vitest';
import { kernelErrorFromErrno } from './kernel-error.ts';

it.each([
  [1, 'EPERM', 'permission-denied'],
  [19, 'ENODEV', 'not-found'],
  [17, 'EEXIST', 'changed-underneath'],
  [95, 'ENOTSUP', 'unsupported'],
  [22, 'EINVAL', 'refused'],
])('errno %i is %s and means %s', (errno, name, code) => {
  const error = kernelErrorFromErrno({ what: 'trying', errno });
  expect(error).toMatchObject({ errno: process.platform === 'linux' ? name : error.errno });
  if (process.platform === 'linux') expect(error.code).toBe(code);
});

it('the message says what, why in the words of the kernel, and the next step', () => {
  const error = kernelErrorFromErrno({ what: 'changing v0', errno: 1, kernelMessage: 'no' });
  expect(error.message).toMatch(/^changing v0: EPERM, "no"\. Next: run as root/);
});
