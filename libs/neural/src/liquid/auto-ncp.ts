import { strict as assert } from 'node:assert';
import { SeededRandom } from '@levitate/clock';

/** Which neurons a neural circuit has and which synapses connect them. */
export interface Wiring {
  readonly inputs: number;
  readonly units: number;
  readonly outputs: number;
  /** Neurons of each layer in processing order: inter, command, motor. */
  readonly layers: readonly (readonly number[])[];
  /** [source, target], row by row: -1 inhibits, 1 excites, 0 is no synapse. */
  readonly adjacency: Int8Array;
  /** [input, target], row by row. */
  readonly sensory: Int8Array;
}

/** What `autoNcp` is asked for. */
export interface AutoNcpOptions {
  inputs: number;
  /** All neurons; more than outputs + 1. */
  units: number;
  /** Motor neurons. */
  outputs: number;
  /** 0.1 (dense) to 0.9; `LIQUID_SPARSITY`. Default 0.4. */
  sparsity?: number;
  seed: number | string;
}

/**
 * A wiring by the four rules of neural circuit policies (Lechner et al. 2020, "Neural circuit
 * policies enabling auditable autonomy", Methods), with the counts that the reference package
 * derives from one sparsity: 40 % of the neurons that are not motor are command neurons, and each
 * fan-out or fan-in is the share 1 - sparsity of the layer it goes to. Motor neurons come first in
 * the numbering, then command, then inter neurons. The draws are this project's own generator's.
 */
export function autoNcp(options: AutoNcpOptions): Wiring {
  const { inputs, units, outputs, sparsity = 0.4, seed } = options;
  assert(sparsity >= 0.1 && sparsity <= 0.9, `sparsity ${sparsity} is not within 0.1..0.9`);
  assert(inputs >= 1 && outputs >= 1, `${inputs} inputs and ${outputs} outputs: at least one each`);
  assert(units >= outputs + 2, `${units} units leave no inter neuron beside ${outputs} outputs`);
  const hidden = units - outputs;
  const command = Math.max(Math.floor(0.4 * hidden), 1);
  const inter = hidden - command;
  const motors = range(0, outputs);
  const commands = range(outputs, command);
  const inters = range(outputs + command, inter);
  const density = 1 - sparsity;
  const share = (count: number) => Math.max(Math.floor(count * density), 1);
  const adjacency = new Int8Array(units * units);
  const sensory = new Int8Array(inputs * units);
  const random = new SeededRandom(seed).fork('auto-ncp');
  const within = { random, targets: units };
  connect({
    ...within,
    sources: range(0, inputs),
    to: inters,
    fanOut: share(inter),
    into: sensory,
  });
  connect({ ...within, sources: inters, to: commands, fanOut: share(command), into: adjacency });
  const recurrent = Math.max(Math.floor(command * density * 2), 1);
  for (let k = 0; k < recurrent; k++) {
    const source = random.pick(commands);
    adjacency[source * units + random.pick(commands)] = polarity(random);
  }
  connectMotors({ ...within, commands, motors, fanIn: share(command), into: adjacency });
  return { inputs, units, outputs, layers: [inters, commands, motors], adjacency, sensory };
}

interface Connection {
  random: SeededRandom;
  /** Row length of `into`. */
  targets: number;
  into: Int8Array;
}

/** Each source excites or inhibits `fanOut` targets; a target that none chose gets the mean. */
function connect(
  options: Connection & { sources: readonly number[]; to: readonly number[]; fanOut: number },
): void {
  const { random, targets, into, sources, to, fanOut } = options;
  const unreached = new Set(to);
  for (const source of sources) {
    for (const target of drawDistinct(random, to, fanOut)) {
      into[source * targets + target] = polarity(random);
      unreached.delete(target);
    }
  }
  const mean = Math.floor((sources.length * fanOut) / to.length);
  const fanIn = Math.min(Math.max(mean, 1), sources.length);
  for (const target of unreached) {
    for (const source of drawDistinct(random, sources, fanIn)) {
      into[source * targets + target] = polarity(random);
    }
  }
}

/** Each motor neuron hears `fanIn` command neurons; a command that none hears gets the mean. */
function connectMotors(
  options: Connection & { commands: readonly number[]; motors: readonly number[]; fanIn: number },
): void {
  const { random, targets, into, commands, motors, fanIn } = options;
  const unheard = new Set(commands);
  for (const motor of motors) {
    for (const command of drawDistinct(random, commands, fanIn)) {
      into[command * targets + motor] = polarity(random);
      unheard.delete(command);
    }
  }
  const mean = Math.floor((motors.length * fanIn) / commands.length);
  const fanOut = Math.min(Math.max(mean, 1), motors.length);
  for (const command of unheard) {
    for (const motor of drawDistinct(random, motors, fanOut)) {
      into[command * targets + motor] = polarity(random);
    }
  }
}

/** `count` of the items without repetition, each set as likely (Fisher-Yates, in part). */
function drawDistinct(random: SeededRandom, items: readonly number[], count: number): number[] {
  const left = [...items];
  for (let k = 0; k < count; k++) {
    const other = k + random.integer(left.length - k);
    [left[k], left[other]] = [left[other] as number, left[k] as number];
  }
  return left.slice(0, count);
}

function polarity(random: SeededRandom): number {
  return random.float() < 0.5 ? -1 : 1;
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}
