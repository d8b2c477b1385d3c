import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { ScriptedServices } from '../testing/scripted-services.ts';

const main = new URL('../main.ts', import.meta.url).pathname;
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** `levitate` as a process of its own, with real pipes. */
function levitate(services: ScriptedServices, ...args: string[]) {
  const child = spawn(process.execPath, [main, ...args, '--at', ...services.at], {
    env: { PATH: process.env.PATH, XDG_RUNTIME_DIR: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, stderr }));
  return { child, ended };
}

const sample = (link: string, sequence: number) => ({
  ...{ link, sequence, timeUnixMs: sequence * 100, intervalMs: 100 },
});

it('a reader that closes the pipe ends it quietly with 0', async () => {
  await using services = await ScriptedServices.start();
  services.samples.tell({ samples: [sample('eth0', 1)] });
  const { child, ended } = levitate(services, 'tap', 'samples', '-o', 'jsonl');
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  child.stdout?.destroy();
  // It notices at the next write, as every program does.
  const talk = setInterval(() => services.samples.tell({ samples: [sample('eth0', 2)] }), 20);
  try {
    expect(await ended).toEqual({ code: 0, stderr: '' });
  } finally {
    clearInterval(talk);
  }
});

it('a real pipe that nobody reads loses the oldest; every sample is read or counted', async () => {
  await using services = await ScriptedServices.start();
  const flags = ['-o', 'jsonl', '--buffer', '500', '--link', '*'];
  const { child, ended } = levitate(services, 'tap', 'samples', ...flags);
  const total = 40_000;
  await expect.poll(() => services.samples.requests.length, { timeout: 60_000 }).toBe(1);
  for (let at = 1; at <= total; at += 100) {
    const samples = Array.from({ length: 100 }, (_, index) => sample('eth0', at + index));
    services.samples.tell({ samples });
  }
  // All of it has left the service: what waits now waits here, in 500 lines and in pipes.
  await expect.poll(() => services.samples.sent, { timeout: 60_000 }).toBe(total / 100);
  services.samples.tell({ samples: [sample('last', 1)] });
  let [read, lost] = [0, 0];
  const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
  for await (const line of lines) {
    const record = JSON.parse(line);
    if (record.kind === 'lost') lost += record.lost;
    else read += 1;
    if (record.link === 'last') child.kill('SIGINT');
  }
  expect((await ended).code).toBe(0);
  expect(read + lost).toBe(total + 1);
  expect(lost).toBeGreaterThan(total / 2);
});

it('what is there is one object for jq, and the process ends by itself', async () => {
  await using services = await ScriptedServices.start();
  services.samples.tell({ samples: [sample('eth0', 1)] });
  const { child, ended } = levitate(services, 'top', '--once', '-o', 'json');
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  expect(await ended).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(text).links).toMatchObject([{ link: 'eth0' }]);
});
