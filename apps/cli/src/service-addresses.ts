import type { TlsFiles } from '@levitate/grpc-kit';
import { type Command, Option } from 'commander';
import { CommandError } from './command-error.ts';
import { newestRun } from './dev/run-folder.ts';
import { exitCodes } from './exit-codes.ts';
import {
  isServiceName,
  type ServiceAddresses,
  type ServiceName,
  serviceNames,
  services,
} from './services.ts';
import type { Surroundings } from './surroundings.ts';

/** Options of commands that talk to services. */
export interface ReachOptions {
  readonly at?: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
}

/** Adds the options of `ReachOptions`. */
export function withReach(command: Command): Command {
  return command
    .addOption(
      new Option('--at <service=host:port...>', 'where a service is, if not where dev put it'),
    )
    .option('--tls-cert <file>', 'own certificate, for services with TLS')
    .option('--tls-key <file>', 'key of the certificate')
    .option('--tls-ca <file>', 'authority that the services come from');
}

/**
 * What `--at` says, else where a running `levitate dev` of this user has them, else the defaults.
 * @throws CommandError for an unknown service or an address that is none
 */
export async function resolveAddresses(
  options: ReachOptions,
  surroundings: Surroundings,
): Promise<ServiceAddresses> {
  const defaults = Object.fromEntries(
    serviceNames.map((name) => [name, `127.0.0.1:${services[name].port}`]),
  ) as ServiceAddresses;
  const run = await newestRun(surroundings.env);
  const given = Object.fromEntries((options.at ?? []).map(parseAt));
  return { ...defaults, ...run?.addresses, ...given };
}

/** The files of `--tls-*`, all three or none. @throws CommandError when only some are given */
export function tlsOf({ tlsCert, tlsKey, tlsCa }: ReachOptions): TlsFiles | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined || tlsCa === undefined) {
    throw new CommandError({
      exitCode: exitCodes.usage,
      what: '--tls-cert, --tls-key and --tls-ca go together',
      next: 'give all three, or none for plaintext',
    });
  }
  return { certFile: tlsCert, keyFile: tlsKey, caFile: tlsCa };
}

function parseAt(text: string): [ServiceName, string] {
  const [name = '', address = ''] = text.split('=');
  if (!isServiceName(name) || !/:\d{1,5}$/.test(address)) {
    throw new CommandError({
      exitCode: exitCodes.usage,
      what: `--at ${text} is not of the form service=host:port`,
      next: `services: ${serviceNames.join(', ')}`,
    });
  }
  return [name, address];
}
