import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireReal } from '@levitate/testing';
import { afterAll, beforeAll, expect } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const installMsMax = 600_000;
const startMsMax = 120_000;
const stopMsMax = 60_000;
/** Settings of the machine: where home is, how the network and the registry are reached. */
const inherited = new RegExp(
  '^(HOME|LANG|NPM_CONFIG_.*|npm_config_(registry|cafile|cache|userconfig|globalconfig)' +
    '|.*_(proxy|PROXY)|NODE_EXTRA_CA_CERTS|SSL_CERT_.*)$',
);
let folder = '';
let clone = '';
const started: ChildProcess[] = [];

const realClone = requireReal('a git clone and npm', () => {
  try {
    execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, stdio: 'pipe' });
    execFileSync('npm', ['--version'], { env: environment(), stdio: 'pipe' });
    return true;
  } catch (cause) {
    return `${cause instanceof Error ? cause.message.split('\n')[0] : cause}; install git and npm`;
  }
});

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'levitate-first-run-'));
  clone = join(folder, 'clone');
});
afterAll(() => {
  for (const child of started) if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** What a newcomer's shell has: no Node of ours on the path, nothing of this test's own run. */
function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '').split(delimiter);
  const kept = Object.entries(process.env).filter(([name]) => inherited.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: path.filter((each) => !each.includes('node_modules')).join(delimiter),
    XDG_RUNTIME_DIR: folder,
    ...more,
  };
}

/** Runs npm in the clone, as the leader of a process group, like a shell does. */
function npm(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): { child: ChildProcess; said: () => string } {
  const child = spawn('npm', args, {
    cwd: clone,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  return { child, said: () => text };
}

realClone.it(
  'npm test in a fresh clone installs what it needs, says so, and ends with the count',
  async () => {
    execFileSync('git', ['clone', '--quiet', '--local', root, clone], { stdio: 'pipe' });
    const { child, said } = npm(['test'], environment({ LEVITATE_TEST_SMOKE: '1' }));
    const [code] = await once(child, 'close');
    expect(said()).toContain('installing them (npm ci)');
    expect(said().trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, 0 failed(, \d+ skipped)?$/);
    expect(code).toBe(0);
  },
  installMsMax,
);

realClone.it(
  'npm start shows a dashboard with moving data, and Ctrl-C leaves nothing behind',
  async () => {
    const { child, said } = npm(['start', '--', '--port', '28410'], environment());
    const url = await dashboard(said);
    await expect.poll(() => hasMovingLanes(url), { timeout: 30_000 }).toBe(true);
    const ended = once(child, 'close');
    // What a terminal does at Ctrl-C: every process of the foreground group gets it.
    killGroup(child.pid ?? 0, 'SIGINT');
    await ended;
    await expect.poll(said, { timeout: stopMsMax }).toContain('everything is stopped and put back');
    expect(said().match(/^stopping/gm)).toHaveLength(1);
    await expectNothingLeft(said());
  },
  startMsMax + stopMsMax,
);

realClone.it(
  'npm killed without a chance to say anything takes everything with it',
  async () => {
    const { child, said } = npm(['start', '--', '--port', '28410', '--simulated'], environment());
    await dashboard(said);
    child.kill('SIGKILL');
    await expectNothingLeft(said());
  },
  startMsMax + stopMsMax,
);

async function dashboard(said: () => string): Promise<string> {
  const line = /^dashboard (http:\/\/127\.0\.0\.1:\d+)$/m;
  await expect.poll(said, { timeout: startMsMax, interval: 200 }).toMatch(line);
  return line.exec(said())?.[1] ?? '';
}

async function hasMovingLanes(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/lanes`, { signal: AbortSignal.timeout(5_000) });
  const { lanes } = (await answer.json()) as {
    lanes: { samples: { throughputBytesPerSecond: number | null }[] }[];
  };
  return (
    lanes.length === 2 &&
    lanes.every(({ samples }) => samples.some((each) => (each.throughputBytesPerSecond ?? 0) > 0))
  );
}

/** No process that names the clone, no namespace and no folder of the run, no new file. */
async function expectNothingLeft(said: string): Promise<void> {
  await expect.poll(processesOfClone, { timeout: stopMsMax, interval: 200 }).toEqual([]);
  const lab = /lev-dev-\d+-/.exec(said)?.[0];
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  expect(namespaces.filter((name) => lab !== undefined && name.startsWith(lab))).toEqual([]);
  expect(readdirSync(folder)).toEqual(['clone']);
  const status = execFileSync('git', ['status', '--porcelain'], { cwd: clone });
  expect(status.toString()).toBe('');
}

function processesOfClone(): string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(clone) ? [`${pid} ${line}`] : [];
      } catch {
        return [];
      }
    });
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}
