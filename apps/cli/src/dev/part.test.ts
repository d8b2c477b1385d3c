import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { Part } from './part.ts';

const folder = mkdtempSync(join(tmpdir(), 'levitate-part-'));
const parts: Part[] = [];
afterEach(async () => {
  await Promise.all(parts.splice(0).map((part) => part.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  readonly deaths: string[];
  ready: number;
}

function partOf(name: string, code: string): { part: Part; told: Told } {
  const script = join(folder, `${name}.mjs`);
  writeFileSync(script, code);
  const told: Told = { deaths: [], ready: 0 };
  const part = new Part({
    name,
    args: [script],
    env: { PATH: process.env.PATH },
    onReady: () => {
      told.ready += 1;
    },
    onDeath: (_, { why }) => void told.deaths.push(why),
  });
  parts.push(part);
  return { part, told };
}

const lively = `process.send({ ready: true, links: [1] });
  process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000);`;

it('a part is started when it says so, and what it said comes back', async () => {
  const { part } = partOf('sound', lively);
  expect(await part.start()).toEqual({ ready: true, links: [1] });
  expect(await part.stop()).toBe(true);
});

it('a part that ends before it is ready fails with its last lines', async () => {
  const { part } = partOf('broken', 'console.error("listen: not allowed"); process.exit(2);');
  await expect(part.start()).rejects.toThrow(
    'broken did not start: it ended with exit code 2; it wrote:\nlisten: not allowed',
  );
});

it('a part that is killed is told and started again', async () => {
  const { part, told } = partOf('mortal', lively);
  await part.start();
  const first = part.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => told.ready, { timeout: 20_000 }).toBe(1);
  expect(told.deaths).toEqual(['signal SIGKILL']);
  expect(part.pid).not.toBe(first);
});

it('a part that is told to stop is not started again', async () => {
  const { part, told } = partOf('done', lively);
  await part.start();
  await part.stop();
  expect(told.deaths).toEqual([]);
});
