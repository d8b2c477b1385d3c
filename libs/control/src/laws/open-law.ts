import { Aimd } from './aimd.ts';
import { Coherent } from './coherent.ts';
import { DoubleDecay } from './double-decay.ts';
import { Gradient2 } from './gradient2.ts';
import { HeldPeak } from './held-peak.ts';
import type { Law } from './law.ts';
import { Optomechanical } from './optomechanical.ts';
import { Parametric } from './parametric.ts';
import { Pid } from './pid.ts';

/** The physics models of SPEC 4.2; the first is the default. */
export const physicsModels = ['optomechanical', 'parametric', 'coherent'] as const;

/** Every law that a target may name. */
export const lawNames = [
  ...physicsModels,
  'held-peak',
  'pid',
  'aimd',
  'gradient2',
  'double-decay',
] as const;

/** @see lawNames */
export type LawName = (typeof lawNames)[number];

/** What all laws are made with; a law takes what it knows of it. */
export interface LawOptions {
  setpoint: number;
  holdMs: number;
  periodMs: number;
  actuationDelayMs: number;
}

/** A law that knows nothing yet. */
export function openLaw(name: LawName, options: LawOptions): Law {
  return makers[name](options);
}

const makers: Readonly<Record<LawName, (options: LawOptions) => Law>> = {
  optomechanical: (options) => new Optomechanical(options),
  parametric: (options) => new Parametric(options),
  coherent: (options) => new Coherent(options),
  'held-peak': ({ setpoint, holdMs }) => new HeldPeak({ setpoint, holdMs }),
  pid: ({ setpoint, holdMs }) => new Pid({ setpoint, holdMs }),
  aimd: ({ setpoint, holdMs }) => new Aimd({ setpoint, holdMs }),
  gradient2: () => new Gradient2(),
  'double-decay': () => new DoubleDecay(),
};
