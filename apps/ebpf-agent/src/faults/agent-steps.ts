import { SeededRandom } from '@levitate/clock';
import type { Mode, Urgency } from '@levitate/control';
import { type DiskCondition, drawSteps, type StepMaker } from '@levitate/testing/faults';
import type { KernelCondition } from './kernel-in-memory.ts';

/** Links of the host, one queue each. */
export const linkNames = ['a', 'b'] as const;

/** Who and which. */
interface Who {
  who: 0 | 1;
  link: (typeof linkNames)[number];
}

/** With whose fencing token a call is made. */
export type TokenChoice = 'own' | 'older' | 'of the other';

/** One thing that happens to a host, its agent and its two controllers. */
export type AgentStep =
  | ({ do: 'acquire'; token: 'next' | TokenChoice; ttlMs: number } & Who)
  | ({ do: 'renew'; token: TokenChoice; ttlMs: number } & Who)
  | ({ do: 'release' } & Who)
  /** A law's wish, through the envelope of the controller and, if it moves, to the agent. */
  | ({
      do: 'wish';
      wish: number;
      urgency: Urgency;
      episode: number | undefined;
      drain: number | undefined;
    } & Who)
  /** A call past every envelope. */
  | ({ do: 'set'; token: TokenChoice; limitBytes: number } & Who)
  | ({ do: 'mode'; mode: Mode } & Pick<Who, 'who'>)
  | { do: 'rollback'; link: Who['link'] | undefined }
  | { do: 'time'; ms: number }
  | { do: 'clock step'; ms: number }
  | { do: 'disk'; condition: DiskCondition }
  | { do: 'kernel'; condition: KernelCondition }
  | { do: 'by hand'; link: Who['link']; limitBytes: number }
  /** The interface goes, comes, or has another queue by now. */
  | { do: 'queue'; link: Who['link']; becomes: 'gone' | 'back' | 'another' }
  /** The agent dies at its n-th boundary from now. */
  | { do: 'kill later'; boundaries: number }
  | { do: 'kill' }
  | { do: 'power cut' }
  /** What comes up again, and who puts back first; it may die at a boundary of its own. */
  | { do: 'start'; first: 'nobody' | 'supervisor'; boundaries: number | undefined }
  | { do: 'stop' }
  /** The record is damaged on the disk, and somebody tries to start the agent. */
  | { do: 'rot'; text: string };

const wishes = [Number.NaN, Infinity, -Infinity, 0, -1, 1, 1e18];
const rates = [undefined, undefined, 12.5e6, 1.25e6, 125e6, 2e6, Number.NaN, 0, -1];
const modes: readonly Mode[] = ['observe', 'recommend', 'enforce', 'enforce'];
const kernels: readonly KernelCondition[] = ['sound', 'sound', 'refuses', 'ignores'];
const fates = ['gone', 'back', 'another'] as const;
const garbage = ['', '{', '[]', 'null', '{"version":9}', '{"version":2,"originals":[{}]}'];

/** A sequence that begins with a start, and goes on for 30 to 80 turns. */
export function drawAgentSteps(seed: number): AgentStep[] {
  const random = new SeededRandom(`agent faults ${seed}`);
  const count = 30 + random.integer(50);
  const start: AgentStep = { do: 'start', first: 'nobody', boundaries: undefined };
  return [start, ...drawSteps(random, { makers, count })];
}

const who = (random: SeededRandom): Who => {
  return { who: random.float() < 0.7 ? 0 : 1, link: random.float() < 0.7 ? 'a' : 'b' };
};
const token = (random: SeededRandom): TokenChoice =>
  random.pick(['own', 'own', 'own', 'own', 'older', 'of the other']);
const odd = (random: SeededRandom) =>
  random.pick([0, -5, 1e12, 1.5, Number.NaN, random.logUniform(1e3, 1e8)]);
const ttl = (random: SeededRandom) => random.pick([2_000, 2_000, 5_000, 60_000, 0, 1e12]);

const makers: readonly StepMaker<AgentStep>[] = [
  [7, (random) => [acquireStep(random, who(random))]],
  [5, (random) => [{ do: 'renew', ...who(random), token: token(random), ttlMs: ttl(random) }]],
  [1.5, (random) => [{ do: 'release', ...who(random) }]],
  [10, (random) => [wishStep(random, who(random))]],
  [0.8, manyWishes],
  [6, workSteps],
  [4, (random) => [{ do: 'set', ...who(random), token: token(random), limitBytes: odd(random) }]],
  [1, (random) => [{ do: 'mode', who: who(random).who, mode: random.pick(modes) }]],
  [1, (random) => [{ do: 'rollback', link: random.pick(['a', 'b', undefined]) }]],
  [8, (random) => [{ do: 'time', ms: random.pick([100, 100, 300, 1_000, 2_500, 10_000, 61_000]) }]],
  [0.7, (random) => [{ do: 'clock step', ms: random.uniform(-1e7, 1e7) }]],
  [3, diskSteps],
  [1.5, (random) => [{ do: 'kernel', condition: random.pick(kernels) }]],
  [2, (random) => [byHandStep(random, who(random).link)]],
  [1, (random) => [{ do: 'queue', link: who(random).link, becomes: random.pick(fates) }]],
  [2.5, crashSteps],
  [2, (random) => [startStep(random)]],
  [0.7, (random) => [{ do: 'stop' }, startStep(random)]],
  [0.5, (random) => [{ do: 'kill' }, { do: 'rot', text: random.pick(garbage) }, startStep(random)]],
];

function acquireStep(random: SeededRandom, of: Who): AgentStep {
  const chosen = random.pick(['next', 'next', 'next', 'own', 'older', 'of the other'] as const);
  return { do: 'acquire', ...of, token: chosen, ttlMs: ttl(random) };
}

function byHandStep(random: SeededRandom, link: Who['link']): AgentStep {
  return { do: 'by hand', link, limitBytes: Math.round(random.logUniform(1e4, 1e7)) };
}

function wishStep(random: SeededRandom, of: Who): AgentStep {
  const isOdd = random.float() < 0.15;
  return {
    do: 'wish',
    ...of,
    wish: isOdd ? random.pick(wishes) : random.logUniform(1e5, 3e7),
    urgency: random.pick(['none', 'none', 'forecast', 'full']),
    episode: random.pick([undefined, undefined, undefined, 1, 2]),
    drain: random.pick(rates),
  };
}

/** A law that changes its mind all the time, for a minute. */
function manyWishes(random: SeededRandom): AgentStep[] {
  const of = who(random);
  const gapMs = random.pick([300, 1_100, 2_000]);
  const urgency = random.pick(['none', 'full'] as const);
  const steps: AgentStep[] = [{ do: 'acquire', ...of, token: 'next', ttlMs: 60_000 }];
  for (let round = 0; round < 26; round++) {
    const wish = round % 2 === 0 ? 4e6 : 7e5;
    steps.push({ do: 'wish', ...of, wish, urgency, episode: undefined, drain: undefined });
    steps.push({ do: 'time', ms: gapMs });
  }
  return steps;
}

/** What a controller does when nothing is wrong. */
function workSteps(random: SeededRandom): AgentStep[] {
  const of = who(random);
  return [
    { do: 'acquire', ...of, token: 'next', ttlMs: 5_000 },
    wishStep(random, of),
    { do: 'time', ms: 1_100 },
    { do: 'renew', ...of, token: 'own', ttlMs: 5_000 },
    wishStep(random, of),
  ];
}

/** The disk fails while something is written, and mostly comes back. */
function diskSteps(random: SeededRandom): AgentStep[] {
  const of = who(random);
  const steps: AgentStep[] = [
    { do: 'disk', condition: random.pick(['full', 'flaky', 'stalled', 'stalled']) },
  ];
  if (random.float() < 0.5) steps.push({ do: 'acquire', ...of, token: 'next', ttlMs: 2_000 });
  if (random.float() < 0.7) steps.push(wishStep(random, of));
  if (random.float() < 0.4) steps.push({ do: 'release', ...of });
  if (random.float() < 0.4) {
    steps.push(byHandStep(random, of.link));
  }
  if (random.float() < 0.5) steps.push({ do: 'time', ms: random.pick([300, 2_500]) });
  if (random.float() < 0.8) steps.push({ do: 'disk', condition: 'sound' });
  return steps;
}

/** The agent dies in the middle of what it does next. */
function crashSteps(random: SeededRandom): AgentStep[] {
  const of = who(random);
  const steps: AgentStep[] = [
    { do: 'acquire', ...of, token: 'next', ttlMs: 5_000 },
    { do: 'kill later', boundaries: 1 + random.integer(18) },
    wishStep(random, of),
    random.pick<AgentStep>([
      { do: 'release', ...of },
      { do: 'time', ms: 10_000 },
      { do: 'rollback', link: undefined },
      { do: 'stop' },
      { do: 'kill' },
    ]),
  ];
  if (random.float() < 0.4) steps.push({ do: 'power cut' });
  if (random.float() < 0.8) steps.push(startStep(random), startStep(random));
  return steps;
}

function startStep(random: SeededRandom): AgentStep {
  return {
    do: 'start',
    first: random.pick(['nobody', 'nobody', 'supervisor']),
    boundaries: random.float() < 0.3 ? 1 + random.integer(12) : undefined,
  };
}
