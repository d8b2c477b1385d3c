import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('./testdata/tiny-service.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'levitate-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Tiny {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
  errors(): string;
  /** The announcement of a start. */
  ready(): Promise<{ ops_listen: string }>;
}

function startTiny(argv: string[], env: Record<string, string> = {}): Tiny {
  const child = spawn(process.execPath, [script, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let [output, errors] = ['', ''];
  child.stdout?.on('data', (text) => {
    output += text;
  });
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  const announced = once(child, 'message').then(([message]) => message);
  announced.catch(() => {});
  return {
    child,
    // Not 'close', which does not come after `disconnect`.
    ended: Promise.all([
      once(child, 'exit'),
      child.stdout && once(child.stdout, 'end'),
      child.stderr && once(child.stderr, 'end'),
    ]).then(([[code]]) => code),
    output: () => output,
    errors: () => errors,
    ready: () => announced,
  };
}

const get = (address: string, path: string) => fetch(`http://${address}${path}`);

describe('a service process', () => {
  it('exits 2 with every fault before anything is started', async () => {
    const file = join(folder, 'tiny.yaml');
    writeFileSync(file, 'drain_mss: 5\nfail: nope\n');
    const tiny = startTiny(['--config', file, '--set', 'tls.enabeld=true'], {
      LEVITATE_TINY_READY: 'perhaps',
    });
    expect(await tiny.ended).toBe(2);
    const lines = tiny.errors().trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(tiny.errors()).toContain(`${file}:1: drain_mss: unknown key`);
    expect(tiny.errors()).toContain('nearest: drain_ms');
    expect(tiny.errors()).toContain(`${file}:2: fail: not allowed`);
    expect(tiny.errors()).toContain('flag --set tls.enabeld');
    expect(tiny.errors()).toContain('environment LEVITATE_TINY_READY: ready');
    expect(tiny.output()).toBe('');
  });

  it('explains itself, prints and checks its configuration without starting', async () => {
    const help = startTiny(['--help']);
    expect(await help.ended).toBe(0);
    expect(help.output()).toMatch(/^tiny: Waits to be stopped\.\n\nExample:/);
    expect(help.output()).toMatch(
      /drain_ms\n +Time a drain takes\.\n +a number from 0 to 60000; default 0/,
    );
    const print = startTiny(['--print-config', '--drain-ms', '7']);
    expect(await print.ended).toBe(0);
    expect(print.output()).toMatch(/^drain_ms: 7 +# flag --drain-ms$/m);
    const check = startTiny(['--check-config']);
    expect(await check.ended).toBe(0);
    expect(check.output()).toBe('tiny: configuration is sound\n');
  });

  it('serves its operations routes, and stops on SIGTERM with exit 0 after its drain', async () => {
    const tiny = startTiny(['--drain-ms', '400']);
    const { ops_listen } = await tiny.ready();
    expect((await get(ops_listen, '/livez')).status).toBe(200);
    expect((await get(ops_listen, '/readyz')).status).toBe(200);
    expect(await (await get(ops_listen, '/metrics')).text()).toContain('process_cpu_seconds_total');
    tiny.child.kill('SIGTERM');
    // It drains for a while, and during that it is alive and not ready.
    let status = 200;
    while (status === 200) status = (await get(ops_listen, '/readyz')).status;
    expect(status).toBe(503);
    expect(await tiny.ended).toBe(0);
    expect(tiny.output()).toContain('"msg":"stopped"');
  });

  it('says which part is not ready and why', async () => {
    const tiny = startTiny(['--ready', 'false']);
    const { ops_listen } = await tiny.ready();
    const answer = await get(ops_listen, '/health');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      status: 'not ready',
      components: [
        { name: 'service', ok: true, why: '' },
        { name: 'source', ok: false, why: 'told not to be ready' },
      ],
    });
    tiny.child.kill('SIGINT');
    expect(await tiny.ended).toBe(0);
  });

  it('exits 1 at a second signal', async () => {
    const tiny = startTiny(['--drain-ms', '60000']);
    const { ops_listen } = await tiny.ready();
    tiny.child.kill('SIGTERM');
    while ((await get(ops_listen, '/readyz')).status === 200);
    tiny.child.kill('SIGTERM');
    expect(await tiny.ended).toBe(1);
  });

  it('exits 1 when its drain outlasts the grace period', async () => {
    const tiny = startTiny(['--drain-ms', '60000', '--grace-period-ms', '50']);
    await tiny.ready();
    tiny.child.kill('SIGTERM');
    expect(await tiny.ended).toBe(1);
    expect(tiny.output()).toContain('did not stop in time');
  });

  it('stops by itself when the parent that holds its channel is gone', async () => {
    const tiny = startTiny([]);
    await tiny.ready();
    tiny.child.disconnect();
    expect(await tiny.ended).toBe(0);
    expect(tiny.output()).toContain('parent gone');
  });

  it('exits 1 when it fails to start and when it crashes, and says why', async () => {
    const start = startTiny(['--fail', 'start']);
    expect(await start.ended).toBe(1);
    expect(start.errors()).toContain('did not start: told to fail');
    const later = startTiny(['--fail', 'later']);
    expect(await later.ended).toBe(1);
    expect(later.output()).toContain('"msg":"crashed"');
  });

  it('exits 3 when an address is taken, and says what to do', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };
    const tiny = startTiny(['--ops-listen', `127.0.0.1:${port}`]);
    expect(await tiny.ended).toBe(3);
    expect(tiny.errors()).toContain(`cannot listen on 127.0.0.1:${port}`);
    expect(tiny.errors()).toContain('--ops-listen');
    blocker.close();
  });
});
