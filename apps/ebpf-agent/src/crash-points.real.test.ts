import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realKernelLab } from '@levitate/testing';
import { expect } from 'vitest';
import {
  type AgentPlace,
  type AgentProcess,
  CrashLab,
  type CrashPlan,
  recordedOriginals,
  startAgentProcess,
  supervisorsOf,
} from './testing/crash-lab.ts';
import { type CrashPhase, playCrashScenario } from './testing/crash-scenario.ts';

/** Runs; the seed chooses which of the equal points of each kind it is. */
const POINTS = 50;
const SEED = 20_261_121;
const PATIENCE_MS = 60_000;
/** Runs at a time, each in a namespace of its own: a run is mostly processes that start. */
const LANES = 2;
const netns = `lev-t${process.pid}-points`;

/** Holds the state of every agent, and what Node has compiled. */
let root: string;

/** A step of the scenario at which a process can die. */
interface CrashPoint {
  /** Who dies: the agent at work, its supervisor or the next start while they restore. */
  who: 'agent' | 'supervisor' | 'next start';
  phase: CrashPhase;
  label: string;
  step: number;
}

realKernelLab.describe('kill -9 between any two steps', () => {
  realKernelLab.it(
    `the original is back after each of ${POINTS} points`,
    async () => {
      root = await mkdtemp(join(tmpdir(), 'levitate-points-'));
      const labs: CrashLab[] = [];
      const random = generator(SEED);
      tell(`seed ${SEED}; who died where, who restored:`);
      try {
        for (let lane = 0; lane < LANES; lane++) labs.push(await CrashLab.open(`${netns}${lane}`));
        const [first] = labs;
        const points = choosePoints(first === undefined ? [] : await listPoints(first), random);
        expect(points).toHaveLength(POINTS);
        const left = points.map((point, index) => {
          return { point, number: index + 1, both: point.who === 'agent' && random() < 0.25 };
        });
        await Promise.all(labs.map((lab) => dieAtEach(lab, left)));
        expect(left).toEqual([]);
      } finally {
        for (const lab of labs) await lab.close();
        await rm(root, { recursive: true });
      }
    },
    1_800_000,
  );
});

/** Take points, the first that is left each time, until none is. */
async function dieAtEach(
  lab: CrashLab,
  left: { point: CrashPoint; number: number; both: boolean }[],
): Promise<void> {
  const original = lab.settings();
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const { point, number, both } = next;
    const by = await dieAt(lab, point, both);
    const row = `${point.who}, ${point.phase}: ${point.label}`;
    expect([row, lab.settings()]).toEqual([row, original]);
    tell(`${number}`.padStart(3).concat(` ${row.padEnd(58)} ${by}`));
  }
}

/** Die at one point, and let everything that is left do its work. @returns who restored */
async function dieAt(lab: CrashLab, point: CrashPoint, both: boolean): Promise<string> {
  const place = await newPlace(lab);
  const { folder } = place;
  const { step } = point;
  try {
    if (point.who === 'agent') {
      const agent = await served(place, { role: 'agent', step, both });
      await playCrashScenario(agent, lab).catch(() => {});
      agent.client.close();
      await ended(agent);
      await noSupervisor(folder);
    } else {
      await leaveChanged(lab, place, point);
    }
    const isLeft = recordedOriginals(folder).length > 0;
    if (isLeft || both || point.who !== 'agent') await restart(place);
    expect(recordedOriginals(folder)).toEqual([]);
    return both || point.who !== 'agent' ? 'next start' : 'supervisor';
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** An agent that changed everything dies, and so does whoever restores it, in the middle. */
async function leaveChanged(lab: CrashLab, place: AgentPlace, point: CrashPoint): Promise<void> {
  const isSupervisor = point.who === 'supervisor';
  const plan: CrashPlan = { role: 'supervisor', step: point.step };
  const agent = await served(place, isSupervisor ? plan : undefined);
  await changeAll(agent);
  if (!isSupervisor) {
    for (const pid of supervisorsOf(place.folder)) process.kill(pid, 'SIGSTOP');
  }
  agent.client.close();
  agent.child.kill('SIGKILL');
  await ended(agent);
  for (const pid of isSupervisor ? [] : supervisorsOf(place.folder)) process.kill(pid, 'SIGKILL');
  await noSupervisor(place.folder);
  if (isSupervisor) return;
  expect(lab.settings().queue).toBe(800_000);
  const next = await startAgentProcess(place, { role: 'agent', step: point.step });
  // It dies before it serves.
  expect(next).toBeUndefined();
  await noSupervisor(place.folder);
}

/** Every step there is, in order, from runs in which nobody dies. */
async function listPoints(lab: CrashLab): Promise<CrashPoint[]> {
  const place = await newPlace(lab);
  const { folder } = place;
  const logs = { agent: join(folder, 'agent'), supervisor: join(folder, 'supervisor') };
  const restartLog = join(folder, 'restart');
  try {
    const agent = await served(place, { role: 'agent', log: logs.agent });
    const phases: { phase: CrashPhase; from: number }[] = [{ phase: 'start', from: 0 }];
    await playCrashScenario(agent, lab, (phase) =>
      phases.push({ phase, from: linesOf(logs.agent).length }),
    );
    agent.client.close();
    await noSupervisor(folder);
    const points = linesOf(logs.agent).map((label, index): CrashPoint => {
      const phase = phases.findLast(({ from }) => from <= index)?.phase ?? 'start';
      return { who: 'agent', phase, label, step: index + 1 };
    });
    const watched = await served(place, { role: 'supervisor', log: logs.supervisor });
    await changeAll(watched);
    watched.client.close();
    watched.child.kill('SIGKILL');
    await ended(watched);
    await noSupervisor(folder);
    points.push(...restoring('supervisor', linesOf(logs.supervisor)));
    const abandoned = await served(place);
    await changeAll(abandoned);
    const supervisors = supervisorsOf(folder);
    for (const pid of supervisors) process.kill(pid, 'SIGSTOP');
    abandoned.client.close();
    abandoned.child.kill('SIGKILL');
    await ended(abandoned);
    for (const pid of supervisors) process.kill(pid, 'SIGKILL');
    await noSupervisor(folder);
    await restart(place, { role: 'agent', log: restartLog });
    return [...points, ...restoring('next start', linesOf(restartLog))];
  } finally {
    await rm(folder, { recursive: true });
  }
}

function restoring(who: CrashPoint['who'], labels: readonly string[]): CrashPoint[] {
  return labels.map((label, index) => ({ who, phase: 'start', label, step: index + 1 }));
}

/** One point of every kind of the agent's, one of each end of a lease, and those who restore. */
function choosePoints(all: readonly CrashPoint[], random: () => number): CrashPoint[] {
  const kinds = Map.groupBy(all, ({ who, phase, label }) => {
    const isRestore = phase === 'release' || phase === 'lapse' || phase === 'stop';
    return [who, who === 'agent' && isRestore ? 'restore' : phase, label].join('|');
  });
  const chosen = [...kinds.values()].map((equal) => pickOften(equal, random));
  const late = (['lapse', 'stop'] as const).map((phase) =>
    pick(
      all.filter((point) => point.phase === phase),
      random,
    ),
  );
  const agents = [...chosen.filter(({ who }) => who === 'agent'), ...late];
  const others = chosen.filter(({ who }) => who !== 'agent');
  expect(agents.length).toBeLessThan(POINTS);
  while (agents.length + others.length > POINTS) {
    others.splice(Math.floor(random() * others.length), 1);
  }
  const points = [...agents, ...others];
  while (points.length < POINTS) points.push(pickOften(all, random));
  return points;
}

async function changeAll({ client }: AgentProcess): Promise<void> {
  const claim = { holder: 'controller', fencingToken: Date.now() };
  for (const link of ['queue', 'parameter', 'connection']) {
    await client.acquireLease({ ...claim, link, ttlMs: 60_000 });
    await client.setQueueLimit({ ...claim, link, limitBytes: 800_000 });
  }
}

/** The next start, after which everything must be as it was; then it stops. */
async function restart(place: AgentPlace, plan?: CrashPlan): Promise<void> {
  const agent = await served(place, plan);
  agent.client.close();
  agent.child.kill('SIGTERM');
  await ended(agent);
  await noSupervisor(place.folder);
}

async function served(place: AgentPlace, plan?: CrashPlan): Promise<AgentProcess> {
  const agent = await startAgentProcess(place, plan);
  if (agent === undefined) throw new Error('the agent ended before it served');
  return agent;
}

async function newPlace(lab: CrashLab): Promise<AgentPlace> {
  const folder = await mkdtemp(join(root, 'agent-'));
  lab.configure(folder);
  // A hundred processes load the same modules.
  return { folder, environment: { ...process.env, NODE_COMPILE_CACHE: join(root, 'cache') } };
}

async function ended({ child }: AgentProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function noSupervisor(folder: string): Promise<void> {
  await expect.poll(() => supervisorsOf(folder), { timeout: PATIENCE_MS }).toEqual([]);
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to choose from');
  return item;
}

/** Three of four come from before the lapse, which takes seconds. */
function pickOften(equal: readonly CrashPoint[], random: () => number): CrashPoint {
  const lapse = equal.findIndex(({ phase }) => phase === 'lapse');
  const early = equal.slice(0, lapse < 1 ? Math.ceil(equal.length / 2) : lapse);
  return pick(random() < 0.75 ? early : equal, random);
}

/** The coverage table, row by row as it comes about. */
function tell(row: string): void {
  process.stdout.write(`${row}\n`);
}

/** Numbers in [0, 1) by mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
