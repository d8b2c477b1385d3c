import { type BackboneActivation, backboneActivations } from './backbone-activation.ts';
import { LiquidError } from './liquid-error.ts';

/** How a closed-form cell joins its two branches. Hasani et al. 2022, section "Methods". */
export type CfcMode = 'default' | 'no_gate' | 'pure';

/** What to build; sizes come from the parameters. The form of the reference vectors' `config`. */
export type LiquidConfig = CfcConfig | LtcConfig;

/** A closed-form continuous-time cell (CfC), Hasani et al., Nature Machine Intelligence 4, 2022. */
export interface CfcConfig {
  cell: 'cfc';
  mode: CfcMode;
  /** Layers before the heads; 0 or more. */
  backboneLayers: number;
  /** `null` where there is no backbone. */
  backboneActivation: BackboneActivation | null;
  /** An LSTM step on the state before the cell. Lechner and Hasani 2020, "Long-term ODE". */
  mixedMemory: boolean;
  /** A linear map after the cell. */
  outputProjection: boolean;
  /** Three cells in a row, inter, command and motor, each with its own sparsity mask. */
  wired: boolean;
}

/** A liquid time-constant cell (LTC), Hasani et al., AAAI 2021, by the fused solver. */
export interface LtcConfig {
  cell: 'ltc';
  /** Sub-steps of the solver in one step. */
  unfolds: number;
  /** How weights, leaks and capacities are kept above 0; `none`: as they are. */
  constraints: 'softplus' | 'none';
  /** Added to the denominator of the solver. */
  epsilon: number;
  mixedMemory: boolean;
  /** `affine`: scale and offset of each input; `linear`: scale only. */
  inputMap: LiquidMap;
  outputMap: LiquidMap;
  outputProjection: boolean;
  wired: boolean;
}

/** @see LtcConfig.inputMap */
export type LiquidMap = 'affine' | 'linear' | 'none';

/**
 * Check a config that comes from outside. A field that is missing has the reference package's
 * default.
 * @throws LiquidError `bad-config` with everything that is wrong
 */
export function parseLiquidConfig(raw: unknown): LiquidConfig {
  if (typeof raw !== 'object' || raw === null) {
    throw new LiquidError('bad-config', `a liquid config is an object, not ${JSON.stringify(raw)}`);
  }
  const fields = raw as Record<string, unknown>;
  const faults: string[] = [];
  const config = fields.cell === 'ltc' ? ltcOf(fields, faults) : cfcOf(fields, faults);
  if (faults.length > 0) throw new LiquidError('bad-config', faults.join('; '));
  return config;
}

function cfcOf(fields: Record<string, unknown>, faults: string[]): CfcConfig {
  const choose = chooser(fields, faults);
  choose('cell', ['cfc', 'ltc'], 'cfc');
  const wired = choose('wired', [true, false], false);
  const layers = whole(fields, faults, { name: 'backboneLayers', low: 0, standard: wired ? 0 : 1 });
  const activations = [...backboneActivations, null];
  return {
    cell: 'cfc',
    mode: choose<CfcMode>('mode', ['default', 'no_gate', 'pure'], 'default'),
    backboneLayers: layers,
    backboneActivation: choose(
      'backboneActivation',
      activations,
      layers === 0 ? null : 'lecun_tanh',
    ),
    mixedMemory: choose('mixedMemory', [true, false], false),
    outputProjection: choose('outputProjection', [true, false], false),
    wired,
  };
}

function ltcOf(fields: Record<string, unknown>, faults: string[]): LtcConfig {
  const choose = chooser(fields, faults);
  const map = (name: string) =>
    fields[name] === null
      ? 'none'
      : choose<LiquidMap>(name, ['affine', 'linear', 'none'], 'affine');
  const epsilon = fields.epsilon ?? 1e-8;
  if (typeof epsilon !== 'number' || !(epsilon >= 0 && epsilon < 1)) {
    faults.push(`epsilon ${JSON.stringify(epsilon)}: a number from 0 to below 1 is allowed`);
  }
  return {
    cell: 'ltc',
    unfolds: whole(fields, faults, { name: 'unfolds', low: 1, standard: 6 }),
    constraints:
      fields.constraints === null
        ? 'none'
        : choose('constraints', ['softplus', 'none'], 'softplus'),
    epsilon: epsilon as number,
    mixedMemory: choose('mixedMemory', [true, false], false),
    inputMap: map('inputMap'),
    outputMap: map('outputMap'),
    outputProjection: choose('outputProjection', [true, false], false),
    wired: choose('wired', [true, false], false),
  };
}

function chooser(fields: Record<string, unknown>, faults: string[]) {
  return <T>(name: string, allowed: readonly T[], standard: T): T => {
    const value = fields[name];
    if (value === undefined) return standard;
    if (allowed.includes(value as T)) return value as T;
    faults.push(`${name} ${JSON.stringify(value)}: allowed are ${allowed.join(', ')}`);
    return standard;
  };
}

const WHOLE_MAX = 1000;

function whole(
  fields: Record<string, unknown>,
  faults: string[],
  { name, low, standard }: { name: string; low: number; standard: number },
): number {
  const value = fields[name] ?? standard;
  if (Number.isInteger(value) && (value as number) >= low && (value as number) <= WHOLE_MAX) {
    return value as number;
  }
  faults.push(`${name} ${JSON.stringify(value)}: a whole number ${low}..${WHOLE_MAX} is allowed`);
  return standard;
}
