import { SeededRandom } from '@levitate/clock';
import type { Mode } from '@levitate/control';
import { type DiskCondition, drawSteps, type StepMaker } from '@levitate/testing/faults';

/** How a resource answers when it is measured. */
export type Measuring =
  | 'sound'
  | 'throws'
  | 'hangs'
  | 'constant'
  | 'NaN'
  | 'negative'
  | 'hundredfold';

/** What a resource does when it is told to be of another size. */
export type Applying = 'sound' | 'refuses' | 'fails late' | 'hangs' | 'hangs late' | 'ignores';

/** One thing that happens to a resource and those who rule it. */
export type ControllerStep =
  | { do: 'need'; need: number; rejected: number }
  | { do: 'time'; ms: number }
  | { do: 'clock step'; ms: number }
  | { do: 'measuring'; as: Measuring }
  | { do: 'applying'; as: Applying }
  | { do: 'disk'; condition: DiskCondition }
  | { do: 'by hand'; size: number }
  /** `undefined`: it comes up with the size it had. */
  | { do: 'restart'; size: number | undefined }
  | { do: 'mode'; who: 0 | 1; mode: Mode }
  | { do: 'pause'; isOn: boolean }
  | { do: 'lease'; to: 0 | 1 | undefined }
  | { do: 'reset breaker' }
  | { do: 'stop'; who: 0 | 1 }
  | { do: 'kill later'; boundaries: number }
  | { do: 'kill' }
  | { do: 'power cut' }
  | { do: 'start'; boundaries: number | undefined };

/** Bounds of the resource, in its own unit. */
export const sizes = { min: 2, max: 64, original: 8 } as const;

/** A sequence that begins with a start, and goes on for 12 to 36 turns. */
export function drawControllerSteps(seed: number): ControllerStep[] {
  const random = new SeededRandom(`controller faults ${seed}`);
  const count = 12 + random.integer(25);
  const start: ControllerStep = { do: 'start', boundaries: undefined };
  return [start, ...drawSteps(random, { makers, count })];
}

const lies: readonly Measuring[] = [
  'constant',
  'NaN',
  'negative',
  'hundredfold',
  'throws',
  'hangs',
];
const refusals: readonly Applying[] = ['refuses', 'fails late', 'hangs', 'hangs late', 'ignores'];
const modes: readonly Mode[] = ['observe', 'recommend', 'enforce', 'enforce', 'enforce'];
const who = (random: SeededRandom) => (random.float() < 0.75 ? 0 : 1);

const makers: readonly StepMaker<ControllerStep>[] = [
  [8, (random) => [needStep(random)]],
  [4, (random) => [needStep(random), timeStep(random)]],
  [7, (random) => [timeStep(random)]],
  [0.03, () => [{ do: 'time', ms: 601_000 }]],
  [0.3, (random) => [{ do: 'time', ms: random.pick([20_000, 65_000]) }]],
  [0.5, (random) => [{ do: 'clock step', ms: random.uniform(-1e7, 1e7) }]],
  [2.5, (random) => troubled(random, { do: 'measuring', as: random.pick(lies) })],
  [2.5, (random) => troubled(random, { do: 'applying', as: random.pick(refusals) })],
  [2.5, (random) => troubled(random, { do: 'disk', condition: random.pick(disks) })],
  [1.5, (random) => [{ do: 'by hand', size: 2 + random.integer(63) }, timeStep(random)]],
  [1, (random) => [{ do: 'restart', size: random.pick([undefined, 6, 12, 20, 40]) }]],
  [1.5, (random) => [{ do: 'mode', who: who(random), mode: random.pick(modes) }]],
  [0.7, pause],
  [1, (random) => [{ do: 'lease', to: random.pick([0, 0, 1, undefined]) }, timeStep(random)]],
  [0.4, () => [{ do: 'reset breaker' }]],
  [0.6, (random) => [{ do: 'stop', who: who(random) }, timeStep(random), startStep(random)]],
  [0.5, thrash],
  [2.5, crash],
  [1.5, (random) => [startStep(random)]],
];

const disks: readonly DiskCondition[] = ['full', 'flaky', 'stalled', 'stalled'];

function needStep(random: SeededRandom): ControllerStep {
  const need = random.pick([0, 1, 4, 9, 24, 30, 50, 70, 100, Math.floor(random.uniform(0, 90))]);
  return { do: 'need', need, rejected: random.float() < 0.2 ? Math.floor(need / 3) : 0 };
}

function timeStep(random: SeededRandom): ControllerStep {
  return { do: 'time', ms: random.pick([300, 500, 500, 1_000, 2_500, 6_000]) };
}

/** Something goes wrong for a while, in the middle of a need for more; mostly it ends. */
function troubled(random: SeededRandom, trouble: ControllerStep): ControllerStep[] {
  const steps: ControllerStep[] = [needStep(random), trouble, timeStep(random)];
  if (random.float() < 0.3) steps.push({ do: 'mode', who: 0, mode: random.pick(modes) });
  if (random.float() < 0.3) steps.push({ do: 'stop', who: 0 });
  if (random.float() < 0.3) steps.push({ do: 'lease', to: random.pick([0, 1, undefined]) });
  if (random.float() < 0.3) steps.push({ do: 'time', ms: 12_000 });
  if (random.float() < 0.8) {
    steps.push({ do: 'measuring', as: 'sound' }, { do: 'applying', as: 'sound' });
    steps.push({ do: 'disk', condition: 'sound' });
  }
  return steps;
}

function pause(random: SeededRandom): ControllerStep[] {
  const ms = random.pick([500, 6_000, 20_000]);
  return [
    { do: 'pause', isOn: true },
    { do: 'time', ms },
    { do: 'pause', isOn: false },
  ];
}

/** A need that jumps up and down, so that every token is spent. */
function thrash(random: SeededRandom): ControllerStep[] {
  const ms = random.pick([1_500, 2_500]);
  return Array.from({ length: 14 }, (_, index): ControllerStep[] => [
    { do: 'need', need: index % 2 === 0 ? 60 : 3, rejected: 0 },
    { do: 'time', ms },
  ]).flat();
}

/** Those who rule die in the middle of what they do next. */
function crash(random: SeededRandom): ControllerStep[] {
  const steps: ControllerStep[] = [
    needStep(random),
    { do: 'kill later', boundaries: 1 + random.integer(20) },
    timeStep(random),
    random.pick<ControllerStep>([
      { do: 'stop', who: 0 },
      { do: 'mode', who: 0, mode: 'observe' },
      { do: 'time', ms: 2_500 },
      { do: 'kill' },
    ]),
  ];
  if (random.float() < 0.4) steps.push({ do: 'power cut' });
  if (random.float() < 0.8) steps.push(startStep(random), startStep(random));
  return steps;
}

function startStep(random: SeededRandom): ControllerStep {
  const boundaries = random.float() < 0.3 ? 1 + random.integer(12) : undefined;
  return { do: 'start', boundaries };
}
