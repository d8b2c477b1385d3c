import { expect, it } from 'vitest';
import { explainInstallFailure } from './explain-install-failure.mjs';

const cases: readonly [output: string, what: string, next: string][] = [
  ['npm error code ENOTFOUND\nnpm error network request failed', 'could not be fetched', 'network'],
  ["npm error code EACCES\nnpm error path '/x'", 'cannot be written', 'writable'],
  ['npm error code EROFS', 'cannot be written', 'writable'],
  ['npm error code ENOSPC', 'disk is full', '1 GB'],
  ['spawn npm ENOENT', 'npm is not there', 'install npm'],
  ['npm error code EUSAGE\nnpm error in sync', 'do not agree', 'npm install'],
  ['npm error something new', 'npm ci failed', 'by hand'],
];

for (const [output, what, next] of cases) {
  it(`${JSON.stringify(output.split('\n')[0])} is told as "${what}"`, () => {
    const told = explainInstallFailure(output);
    expect(told.what).toContain(what);
    expect(told.next).toContain(next);
  });
}

it('the reason is what npm said, without its prefix and its log file', () => {
  const output = 'npm warn old\nnpm error code EROFS\nnpm error A complete log of this run: /l\n';
  expect(explainInstallFailure(output).why).toBe('code EROFS');
});
