/**
 * The supervisor: a process of its own that outlives the agent by a moment. It reads a pipe whose
 * other end only the agent holds. `stop` on it ends the supervisor; its end without that word means
 * the agent is dead, however it died, and every recorded limit is put back at once.
 *
 * `node supervisor.ts STATE_DIRECTORY AGENT_PID`
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Originals } from '@levitate/control';
import { StateDirectory, StateDirectoryError } from '@levitate/service-kit';
import { restoreTarget } from './actuators/restore-target.ts';
import { type OriginalDetail, readOriginals } from './durable-records.ts';
import { PROGRAMS_FILE } from './ebpf/programs-file.ts';
import { RESOURCES_FILE } from './resources/resources-file.ts';
import { type Restored, restoreOriginals, restoreRecorded } from './restore-originals.ts';

/** How long the record is waited for: a dead agent keeps its lock until its parent reaps it. */
const SETTLE_MS = 10_000;
const SETTLE_RETRY_MS = 20;

const [directory = '', agentPid = ''] = process.argv.slice(2);
let said = '';

// Whoever stops a whole group or unit means the agent, which then says `stop`.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.stdin.on('data', (chunk) => {
  said = (said + chunk.toString('utf8')).slice(-16);
  if (said.includes('stop')) process.exit(0);
});
process.stdin.on('end', () => void agentDied());
process.stdin.on('error', () => void agentDied());
process.stdout.on('error', () => {});
process.stdout.write('ready\n');

async function agentDied(): Promise<void> {
  if (isTakenOver()) process.exit(0);
  try {
    const read = (name: string) => readFileOrNothing(join(directory, name));
    const record = await readOriginals({ read, writeDurably: async () => {} });
    const originals = new Originals<OriginalDetail>(record);
    for (const one of restoreOriginals({ originals, restore: restoreTarget })) tell(one);
    await settle();
    process.exit(0);
  } catch (error) {
    log('error', { msg: 'could not restore', error: String(error) });
    process.exit(1);
  }
}

/** Strike what was restored from the record; a new agent that came meanwhile does so itself. */
async function settle(): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  while (performance.now() < until && !isTakenOver()) {
    try {
      const state = await StateDirectory.open(directory);
      const failed = (await restoreRecorded(state)).filter(({ outcome }) => outcome === 'failed');
      await sweepPrograms();
      await putResourcesBack(state);
      await state.close();
      if (failed.length === 0) return;
    } catch (error) {
      if (!(error instanceof StateDirectoryError) || error.code !== 'LOCKED') throw error;
    }
    await delay(SETTLE_RETRY_MS);
  }
}

/** Programs end with their process; what was made for them on an older kernel does not. */
async function sweepPrograms(): Promise<void> {
  const record = join(directory, PROGRAMS_FILE);
  if (!existsSync(record)) return;
  const { removeStale } = await import('@levitate/kernel/bpf');
  const { removed, kept } = removeStale(record);
  for (const what of removed) log('warn', { msg: 'the agent died', removed: what });
  for (const what of kept) log('error', { msg: 'left in the kernel', kept: what });
}

/** Resources beside the links; what serves them is loaded where there are any. */
async function putResourcesBack(state: StateDirectory): Promise<void> {
  if (!existsSync(join(directory, RESOURCES_FILE))) return;
  const { restoreResources } = await import('./resources/resource-record.ts');
  await restoreResources(state, ({ name, size, error }) => {
    const what = { msg: 'the agent died', resource: name, size };
    if (error === undefined) log('warn', what);
    else log('error', { ...what, error: String(error) });
  });
}

/** Whether another agent holds the directory by now. */
function isTakenOver(): boolean {
  try {
    const { pid } = JSON.parse(readFileSync(join(directory, 'lock'), 'utf8')) as { pid: number };
    return String(pid) !== agentPid && pid !== process.pid;
  } catch {
    return false;
  }
}

async function readFileOrNothing(path: string): Promise<Uint8Array | undefined> {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function tell({ link, actuator, limitBytes, outcome, error }: Restored): void {
  const level = outcome === 'failed' ? 'error' : 'warn';
  const cause = error === undefined ? {} : { error: String(error) };
  const what = { link, actuator, limit_bytes: limitBytes, outcome };
  log(level, { msg: 'the agent died', ...what, ...cause });
}

function log(level: string, fields: Record<string, unknown>): void {
  const time = new Date().toISOString();
  process.stderr.write(
    `${JSON.stringify({ level, time, service: 'ebpf-agent-supervisor', ...fields })}\n`,
  );
}
