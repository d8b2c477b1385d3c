import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = new URL('../../../..', import.meta.url).pathname;
const cli = join(root, 'apps', 'cli', 'src', 'main.ts');
const CAPTURED_S = 22;
/** Fewer would leave a part without a link. */
const GENERATED_BURSTS = 120;

let folder: string;
let telemetry: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'levitate-e2e-'));
});
afterEach(async () => {
  if (telemetry !== undefined && telemetry.exitCode === null) {
    const exit = once(telemetry, 'exit');
    telemetry.kill('SIGTERM');
    await exit;
  }
  telemetry = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Packets of a link: 200 a second, ten times as many for half a second every four. */
function writeTrace(): void {
  const kind = join(folder, 'packets-us-ndpi');
  mkdirSync(kind);
  const lines = ['t_us,wire_bytes'];
  for (let ms = 0; ms < 60_000; ms += 5) {
    const packets = ms % 4000 >= 3000 && ms % 4000 < 3500 ? 10 : 1;
    for (let packet = 0; packet < packets; packet++) {
      lines.push(`${ms * 1000 + packet * 100},1000`);
    }
  }
  writeFileSync(join(kind, 'link.csv'), `${lines.join('\n')}\n`);
}

/** Telemetry as a process of its own, replaying the trace as link `lane`. */
async function startTelemetry(): Promise<string> {
  writeTrace();
  const config = {
    ...{ listen: '127.0.0.1:0', ops_listen: '127.0.0.1:0', agents: [] },
    replay: { traces: [{ file: 'packets-us-ndpi/link.csv', link: 'lane' }] },
  };
  const file = join(folder, 'telemetry.yaml');
  writeFileSync(file, JSON.stringify(config));
  const main = join(root, 'apps', 'telemetry', 'src', 'main.ts');
  telemetry = spawn(process.execPath, [main, '--config', file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Where there are recorded traces the variable names their folder, before any file does.
    env: { ...process.env, LEVITATE_DATA: folder },
  });
  const ended = once(telemetry, 'exit').then(([code]) => {
    throw new Error(`telemetry ended with ${code} before it was ready`);
  });
  const [started] = (await Promise.race([once(telemetry, 'message'), ended])) as [
    { listen: string },
  ];
  ended.catch(() => {});
  return `telemetry=${started.listen}`;
}

/** A command of `levitate`, in the test's folder. */
function levitate(...argv: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, ...argv], { cwd: folder }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`levitate ${argv.join(' ')}: ${error.message}\n${stdout}${stderr}`));
    });
  });
}

it('a captured link becomes a dataset, and a burst model is trained on it', async () => {
  const at = await startTelemetry();
  const captured = await levitate('capture', 'lane.jsonl', '--at', at, '--for', `${CAPTURED_S}s`);
  expect(captured).toMatch(/^\d{3} samples of 1 links in lane\.jsonl, 0 lost/);
  await levitate('dataset', 'lane.jsonl', '--out', 'data', '--bursts', `${GENERATED_BURSTS}`);
  const onsets = readFileSync(join(folder, 'data', 'train.onsets.jsonl'), 'utf8').split('\n');
  const detected = onsets.filter((line) => line.includes('"name":"lane"'));
  expect(detected.length).toBeGreaterThanOrEqual(2);
  expect(detected.join()).toMatch(/"source":"detected","magnitude":\d/);
  // Checkpoints lie by seed: this one is nobody else's.
  const run = ['--quick', '--seed', '27611', '--out', 'model'];
  const printed = await levitate('train', 'burst', '--data', 'data', ...run);
  expect(printed).toContain('weights.f32');
  const manifest = JSON.parse(readFileSync(join(folder, 'model', 'manifest.json'), 'utf8'));
  expect(manifest.origin.command).toBe('levitate train burst --seed 27611 --workers 1 --data data');
  expect(manifest.data).toHaveLength(3);
  const report = readFileSync(join(folder, 'model', 'report.md'), 'utf8');
  expect(report).toMatch(/Learnt from a dataset: 1 captures and \d+ generated links/);
  expect(await levitate('model', 'verify', '--folder', '.', 'model')).toMatch(/model/);
});
