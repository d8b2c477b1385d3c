import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ServiceAddresses } from '../services.ts';
import { newestRun, RunFolder, removeStaleRuns } from './run-folder.ts';

let runtime = '';
const addresses = { telemetry: '127.0.0.1:1' } as ServiceAddresses;
beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'levitate-runs-'));
});
afterEach(() => rmSync(runtime, { recursive: true, force: true }));

/** What a run leaves that was killed: a folder whose lock names a process that is gone. */
function leaveKilledRun(): string {
  const path = join(runtime, 'levitate', 'dev', '999999999');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'lock'), JSON.stringify({ pid: 2 ** 30, started: '1', boot: 'x' }));
  writeFileSync(join(path, 'run.json'), JSON.stringify({ pid: 1, startedUnixMs: 9e15, addresses }));
  return path;
}

it('a run that lives is found by its record, and leaves no trace when it is removed', async () => {
  const env = { XDG_RUNTIME_DIR: runtime };
  const folder = await RunFolder.create(env);
  expect(await newestRun(env)).toBeUndefined();
  await folder.publish(addresses);
  expect(await newestRun(env)).toMatchObject({ pid: process.pid, addresses });
  await folder.remove();
  expect(await newestRun(env)).toBeUndefined();
  expect(readdirSync(runtime)).toEqual([]);
});

it('the open folder of a run goes with it, also when it was killed', async () => {
  const env = { XDG_RUNTIME_DIR: runtime };
  const folder = await RunFolder.create(env);
  const open = await folder.openFolder();
  expect(statSync(open).mode & 0o777).toBe(0o711);
  await folder.remove();
  expect(existsSync(open)).toBe(false);
  const killed = leaveKilledRun();
  const left = mkdtempSync(join(tmpdir(), 'levitate-run-'));
  writeFileSync(join(killed, 'open-folder.json'), JSON.stringify(left));
  expect(await removeStaleRuns(env)).toBe(1);
  expect(existsSync(left)).toBe(false);
});

it('a run that was killed is not found, and the next start removes its folder alone', async () => {
  const env = { XDG_RUNTIME_DIR: runtime };
  const killed = leaveKilledRun();
  const living = await RunFolder.create(env);
  await living.publish(addresses);
  expect((await newestRun(env))?.pid).toBe(process.pid);
  expect(await removeStaleRuns(env)).toBe(1);
  expect([existsSync(killed), existsSync(living.path)]).toEqual([false, true]);
  await living.remove();
});
