import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { runStep } from './run-step.ts';

const failure = { code: 'FETCH', what: 'the jar was not fetched', next: 'try again' } as const;
const step = (script: string, secondsMax = 20) => ({
  ...{ command: process.execPath, args: ['-e', script], cwd: tmpdir() },
  ...{ secondsMax, failure },
});

it('gives what the program said', async () => {
  expect(await runStep(step("console.log('fetched')"))).toBe('fetched\n');
});

it('fails with the lines that say error, however much stands around them', async () => {
  const script = "console.log('ERROR: no route\\nhelp: 1\\nhelp: 2'); process.exit(3)";
  await expect(runStep(step(script))).rejects.toMatchObject({
    code: 'FETCH',
    message: 'the jar was not fetched',
    why: `${process.execPath} ended with 3: ERROR: no route`,
  });
});

it('stops a program that hangs, and says after how long', async () => {
  const hanging = step('setInterval(() => {}, 1000)', 0.5);
  await expect(runStep(hanging)).rejects.toMatchObject({
    why: expect.stringContaining('was stopped after 0.5 s: it said nothing'),
  });
});

it('fails in the same way when there is no such program', async () => {
  const absent = { ...step(''), command: 'no-such-program-here' };
  await expect(runStep(absent)).rejects.toMatchObject({ code: 'FETCH' });
});
