import { join, resolve } from 'node:path';
import { contracts } from '@levitate/contracts';
import { connect } from '@levitate/grpc-kit';
import { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { exitCodes, type SetExitCode } from '../exit-codes.ts';
import { type ImportOptions, importModel } from '../model/import-model.ts';
import { manifestLines, modelLines, modelReports } from '../model/model-report.ts';
import { scoreLines } from '../model/model-scores.ts';
import { inFormat, type OutputFormat, withOutput } from '../output-format.ts';
import { type ReachOptions, resolveAddresses, tlsOf, withReach } from '../service-addresses.ts';
import { serviceFailure } from '../service-failure.ts';
import type { Surroundings } from '../surroundings.ts';

interface Options {
  readonly folder?: string;
  readonly output: OutputFormat;
}

/** `levitate model`: the learned models on this machine. */
export function modelCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  return new Command('model')
    .description('learned models: what there is, whether it is sound, how it does in service')
    .addHelpText('before', 'Example:\n  levitate model list\n')
    .addCommand(listCommand(surroundings, setExitCode))
    .addCommand(showCommand(surroundings))
    .addCommand(scoresCommand(surroundings))
    .addCommand(verifyCommand(surroundings, setExitCode))
    .addCommand(importCommand(surroundings));
}

function listCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('list')
    .description('every model with its size, and of how many classes it is the best')
    .addHelpText('before', 'Example:\n  levitate model list\n')
    .addHelpText('after', '\nExit 1 where a folder is refused.');
  return withFolder(command).action((options: Options) =>
    report({ surroundings, setExitCode, options, names: [] }),
  );
}

function verifyCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('verify')
    .description('read models as a service would: hashes, shapes, the network built out of them')
    .argument('[names...]', 'folders below the model folder; none is all')
    .addHelpText('before', 'Example:\n  levitate model verify bandwidth\n')
    .addHelpText('after', '\nExit 1 where a folder is refused.');
  return withFolder(command).action((names: readonly string[], options: Options) =>
    report({ surroundings, setExitCode, options, names }),
  );
}

function showCommand(surroundings: Surroundings): Command {
  const command = new Command('show')
    .description('one model: data, training, calibration, and each class with its baselines')
    .argument('<name>', 'folder below the model folder')
    .addHelpText('before', 'Example:\n  levitate model show bandwidth\n');
  return withFolder(command).action(async (name: string, options: Options) => {
    const [found] = await modelReports(folderOf(options, surroundings), [name]);
    if (found?.manifest === undefined) {
      throw new CommandError({ exitCode: exitCodes.failed, what: `${name}: ${found?.why}` });
    }
    const { manifest } = found;
    surroundings.print(inFormat(options.output, manifest, () => manifestLines(manifest)));
  });
}

function scoresCommand(surroundings: Surroundings): Command {
  const command = new Command('scores')
    .description('how the models of the running predictor do against what really came')
    .addHelpText('before', 'Example:\n  levitate model scores\n')
    .addHelpText('after', '\nBursts: of the newest 12 onsets of each link (in all).');
  return withReach(withOutput(command)).action(
    async (options: ReachOptions & { output: OutputFormat }) => {
      const { predictor: address } = await resolveAddresses(options, surroundings);
      const tls = tlsOf(options);
      const client = connect(contracts.models, { address, tls, deadlineMs: DEADLINE_MS });
      try {
        const answer = await client.listModels({});
        surroundings.print(inFormat(options.output, answer, () => scoreLines(answer.models)));
      } catch (error) {
        throw serviceFailure(error, { service: 'predictor', address });
      } finally {
        client.close();
      }
    },
  );
}

function importCommand(surroundings: Surroundings): Command {
  const command = new Command('import')
    .description('make a model folder out of a Keras HDF5 file, its origin recorded')
    .argument('<file>', 'a whole model of Keras 2 or 3, .h5')
    .option('--name <name>', 'of the model; default: of the file')
    .option('--features <names>', 'what its inputs are, in order, by commas', FEATURES)
    .option('--scales <numbers>', 'what each feature is divided by before it goes in, by commas')
    .option('--unit <bytes>', 'bytes/s of one unit of its output; Mbit/s', '125000')
    .addHelpText('before', 'Example:\n  levitate model import bandwidth_lstm.h5\n');
  return withFolder(command).action(async (file: string, options: Options & ImportOptions) => {
    const folder = folderOf(options, surroundings);
    const manifest = await importModel(resolve(file), { ...options, folder });
    const what = `${manifest.name}@${manifest.version} in ${join(folder, manifest.name)}`;
    surroundings.print(inFormat(options.output, manifest, () => `imported ${what}`));
  });
}

async function report(parts: {
  surroundings: Surroundings;
  setExitCode: SetExitCode;
  options: Options;
  names: readonly string[];
}): Promise<void> {
  const { surroundings, setExitCode, options, names } = parts;
  const folder = folderOf(options, surroundings);
  const reports = await modelReports(folder, names);
  const none = `no models in ${folder}; the baselines serve`;
  const text = () => (reports.length === 0 ? none : modelLines(reports));
  surroundings.print(inFormat(options.output, { folder, models: reports }, text));
  if (reports.some(({ state }) => state === 'refused')) setExitCode(exitCodes.failed);
}

function withFolder(command: Command): Command {
  return withOutput(command).option('--folder <folder>', 'where models are; default: models/');
}

function folderOf({ folder }: Options, { root }: Surroundings): string {
  return folder === undefined ? join(root, 'models') : resolve(folder);
}

const DEADLINE_MS = 2_000;
const FEATURES = 'bandwidth,latency,packet_loss,time_of_day,day_of_week';
