import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { signalPasser } from './run-foreground.mjs';

const module = fileURLToPath(new URL('./run-foreground.mjs', import.meta.url));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const each of started.splice(0)) each.kill('SIGKILL');
});

/** A process that runs `program` in its foreground; resolves when the program printed a line. */
async function foreground(program: string): Promise<{ parent: ChildProcess; line: string }> {
  const code = `
    import { runForeground } from ${JSON.stringify(module)};
    const args = ['-e', ${JSON.stringify(program)}];
    process.exitCode = await runForeground({ node: process.execPath, args, env: process.env });`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(parent);
  const [chunk] = await once(parent.stdout as NodeJS.ReadableStream, 'data');
  return { parent, line: String(chunk).trim() };
}

it('the exit code is that of the program', async () => {
  const { parent } = await foreground('console.log("up"); process.exitCode = 7');
  const [code] = await once(parent, 'exit');
  expect(code).toBe(7);
});

it('an interrupt reaches the program once, and is waited for', async () => {
  const { parent } = await foreground(`
    let count = 0;
    process.on('SIGINT', () => { count += 1; setTimeout(() => process.exit(40 + count), 200); });
    setInterval(() => {}, 1000); console.log("up");`);
  // As the terminal and npm do it: both, at the same moment.
  parent.kill('SIGINT');
  parent.kill('SIGINT');
  const [code] = await once(parent, 'exit');
  expect(code).toBe(41);
});

it('a program whose parent is killed ends in order', async () => {
  const { parent, line } = await foreground(`
    process.on('SIGTERM', () => process.exit(0));
    setInterval(() => {}, 1000); console.log(process.pid);`);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await expect.poll(() => isAlive(Number(line)), { timeout: 10_000 }).toBe(false);
});

it('echoes of one signal are dropped, a later one is passed on', () => {
  const sent: string[] = [];
  let now = 0;
  const pass = signalPasser(
    (signal) => void sent.push(signal),
    () => now,
  );
  pass('SIGINT');
  now = 10;
  pass('SIGINT');
  pass('SIGTERM');
  now = 2000;
  pass('SIGINT');
  expect(sent).toEqual(['SIGINT', 'SIGTERM', 'SIGINT']);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
