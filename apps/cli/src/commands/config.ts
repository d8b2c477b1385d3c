import { basename, join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { parseDocument } from 'yaml';
import { captureNode } from '../capture-node.ts';
import { CommandError } from '../command-error.ts';
import { exitCodes, type SetExitCode } from '../exit-codes.ts';
import { type OutputFormat, withOutput } from '../output-format.ts';
import { isServiceName, type ServiceName, serviceNames } from '../services.ts';
import type { Surroundings } from '../surroundings.ts';

/** `levitate config validate FILE | print SERVICE`: asked of the service itself, which knows. */
export function configCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  return new Command('config')
    .description('check configuration files and show effective values')
    .addHelpText('before', 'Example:\n  levitate config validate telemetry.yaml\n')
    .addCommand(validateCommand(surroundings, setExitCode))
    .addCommand(printCommand(surroundings, setExitCode));
}

function validateCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('validate')
    .description('check a file without starting anything; every fault with line and key')
    .argument('<file>', 'YAML file; its name says the service, or --service does')
    .addOption(new Option('--service <name>', 'whose configuration it is').choices(serviceNames))
    .addHelpText(
      'before',
      'Example:\n  levitate config validate my.yaml --service fsu-controller\n',
    );
  return withOutput(command).action(
    async (file: string, options: { service?: ServiceName; output: OutputFormat }) => {
      const service = options.service ?? serviceOf(file);
      const result = await askService(service, ['--config', file, '--check-config'], surroundings);
      const faults = result.stderr.split('\n').filter((line) => line !== '');
      const isSound = result.code === 0;
      if (options.output === 'json') {
        surroundings.print(JSON.stringify({ file, service, sound: isSound, faults }));
      } else if (isSound) {
        surroundings.print(`${file}: sound (${service})`);
      } else {
        for (const line of faults) surroundings.complain(line);
      }
      setExitCode(result.code);
    },
  );
}

function printCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('print')
    .description('every effective value of a service, and where it came from')
    .addArgument(new Argument('<service>', 'name of the service').choices(serviceNames))
    .option('--config <file>', 'YAML file to take into account')
    .addHelpText('before', 'Example:\n  levitate config print telemetry\n');
  return withOutput(command).action(
    async (service: ServiceName, options: { config?: string; output: OutputFormat }) => {
      const file = options.config === undefined ? [] : ['--config', options.config];
      const result = await askService(service, [...file, '--print-config'], surroundings);
      if (result.code === 0) {
        const text = result.stdout.trimEnd();
        surroundings.print(options.output === 'json' ? JSON.stringify(asObject(text)) : text);
      } else {
        surroundings.complain(result.stderr.trimEnd());
      }
      setExitCode(result.code);
    },
  );
}

/** `telemetry.yaml`, `my-telemetry.yml`: the service whose name the file's ends with. */
function serviceOf(file: string): ServiceName {
  const stem = basename(file).replace(/\.ya?ml$/, '');
  const service = serviceNames.find((name) => stem === name || stem.endsWith(`-${name}`));
  if (service !== undefined && isServiceName(service)) return service;
  throw new CommandError({
    exitCode: exitCodes.usage,
    what: `the name of ${file} does not say whose configuration it is`,
    next: `give --service ${serviceNames.join('|')}`,
  });
}

function askService(service: ServiceName, flags: readonly string[], { root, env }: Surroundings) {
  return captureNode([join(root, 'apps', service, 'src', 'main.ts'), ...flags], env);
}

function asObject(text: string): unknown {
  return parseDocument(text).toJS();
}
