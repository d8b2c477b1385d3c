import { SeededRandom } from '@levitate/clock';
import {
  bootstrapped,
  type LiquidMemberSize,
  memberConfig,
  openLstmRival,
  PathSampler,
  type PathSenses,
  type PathSource,
  rivalUnits,
  storedParameters,
  trainLiquidMember,
  trainLstmRival,
} from '@levitate/models';
import { type Kernel, type LiquidArrays, LiquidNetwork, type Network } from '@levitate/neural';
import type { TrainingContext } from '../training.ts';
import type { MemberCheckpoints } from './member-checkpoints.ts';
import { StageProgress } from './stage-progress.ts';

/** Everything that decides what is trained. */
export interface EnsembleSettings {
  members: number;
  size: LiquidMemberSize;
  updates: number;
  batch: number;
  learningRate: number;
  /** The rival is trained at each of these and keeps what validates best. */
  rivalRates: readonly number[];
  senses: PathSenses;
}

/** What training needs beside the settings. */
export interface EnsembleTask {
  settings: EnsembleSettings;
  sources: readonly PathSource[];
  checkpoints: MemberCheckpoints;
  context: Pick<TrainingContext, 'seed' | 'signal' | 'progress' | 'say'>;
}

/** Members one after the other; those that a checkpoint holds are not trained again. */
export async function trainMembers(task: EnsembleTask): Promise<LiquidNetwork[]> {
  const { settings, sources, checkpoints, context } = task;
  const networks: LiquidNetwork[] = [];
  for (let member = 0; member < settings.members; member++) {
    const name = memberName(member);
    const done = checkpoints.read(name);
    if (done !== undefined) {
      context.say(`${name} is taken from the checkpoint`);
      networks.push(networkOf(done));
      continue;
    }
    const stage = `${name} of ${settings.members}`;
    const progress = new StageProgress({ stage, updates: settings.updates, ...context });
    const random = new SeededRandom(context.seed).fork(`liquid/${name}`);
    const own = bootstrapped(sources, random.fork('traces'));
    const network = await trainLiquidMember({
      ...settings,
      sampler: new PathSampler(own, settings.senses),
      random,
      signal: context.signal,
      onUpdate: (update, loss) => progress.show(update, loss),
    });
    checkpoints.write(name, network.parameters.arrays());
    networks.push(network);
  }
  return networks;
}

/** The LSTM with as many parameters as the whole ensemble learns, once for each learning rate. */
export async function trainRivals(
  task: EnsembleTask & { kernel: Kernel; parameters: number },
): Promise<Map<number, Network>> {
  const { settings, sources, context, kernel, checkpoints } = task;
  const sampler = new PathSampler(sources, settings.senses);
  const units = rivalUnits(task.parameters);
  const rivals = new Map<number, Network>();
  for (const learningRate of settings.rivalRates) {
    const name = rivalName(learningRate);
    const done = checkpoints.read(name);
    if (done !== undefined) {
      context.say(`${name} is taken from the checkpoint`);
      const parameters = Object.entries(done).map(([key, { shape, data }]) => ({
        name: key,
        shape,
        values: Float32Array.from(data),
      }));
      rivals.set(learningRate, openLstmRival({ parameters, units, kernel }));
      continue;
    }
    const stage = `${name}, ${units} units`;
    const progress = new StageProgress({ stage, updates: settings.updates, ...context });
    const rival = await trainLstmRival({
      ...settings,
      sampler,
      units,
      kernel,
      learningRate,
      random: new SeededRandom(context.seed).fork(`liquid/${name}`),
      signal: context.signal,
      onUpdate: (update, loss) => progress.show(update, loss),
    });
    checkpoints.write(name, arraysOf(rival));
    rivals.set(learningRate, rival);
  }
  return rivals;
}

/** Numbers that the members learn together: those behind a synapse that does not exist are none. */
export function learnedParameters(networks: readonly LiquidNetwork[]): number {
  const masks = storedParameters(networks).filter(({ name }) => name.endsWith('sparsity_mask'));
  const missing = masks.reduce(
    (sum, { values }) => sum + values.filter((one) => one === 0).length,
    0,
  );
  const all = networks.reduce((sum, { parameters }) => sum + parameters.values.length, 0);
  // A mask stands before two maps, W1 and W2.
  return all - 2 * missing;
}

/** Names of all checkpoints of a training. */
export function checkpointNames({ members, rivalRates }: EnsembleSettings): string[] {
  const names = Array.from({ length: members }, (_, member) => memberName(member));
  return [...names, ...rivalRates.map(rivalName)];
}

function memberName(member: number): string {
  return `member-${member + 1}`;
}

function rivalName(learningRate: number): string {
  return `lstm-${learningRate}`;
}

function networkOf(parameters: LiquidArrays): LiquidNetwork {
  return new LiquidNetwork({ config: memberConfig, parameters });
}

function arraysOf({ parameters }: Network): LiquidArrays {
  const entries = parameters.map(({ name, shape, values }) => [name, { shape, data: values }]);
  return Object.fromEntries(entries);
}
