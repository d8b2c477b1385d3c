import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { ConfigFault } from './config-fault.ts';
import { type ConfigSchema, type ParsedConfig, type Presets, parseConfig } from './parse-config.ts';
import type { Environment } from './read-environment.ts';
import { type Flags, readFlags } from './read-flags.ts';
import { schemaAt, schemaKeys, unwrapped } from './schema-keys.ts';

/** The part of a service's definition that configuration needs. */
export interface Configurable<Schema extends ConfigSchema> {
  /** Name of the service, e.g. `fsu-controller`. */
  readonly service: string;
  /** `commonConfig` extended; every key described and, but for required ones, with a default. */
  readonly schema: Schema;
  /** Differences of the presets. */
  readonly presets?: Presets | undefined;
}

/** What a process was started with. */
export interface ProcessInput {
  /** Arguments after the script, `process.argv.slice(2)`. */
  readonly argv: readonly string[];
  /** `process.env`. */
  readonly env: Environment;
}

/** @see loadConfig */
export type LoadedConfig<Schema extends ConfigSchema> = ParsedConfig<Schema> & {
  readonly mode: Flags['mode'];
};

/** Reads flags, the file they name and the environment, and parses them together. */
export async function loadConfig<Schema extends ConfigSchema>(
  { service, schema, presets }: Configurable<Schema>,
  { argv, env }: ProcessInput,
): Promise<LoadedConfig<Schema>> {
  const keys = schemaKeys(schema).map(({ key }) => key);
  const isBoolean = (key: string) => {
    const target = schemaAt(schema, key.split('.'));
    return target !== undefined && unwrapped(target) instanceof z.ZodBoolean;
  };
  const flags = readFlags(argv, { keys, booleans: new Set(keys.filter(isBoolean)) });
  const faults: ConfigFault[] = [...flags.faults];
  const file = await readConfigFile(flags.configFile, faults);
  const parsed = parseConfig({
    service,
    schema,
    presets,
    file,
    env,
    flags: flags.settings,
    stateDirectory: defaultStateDirectory(env),
  });
  if (!parsed.ok) faults.push(...parsed.faults);
  return faults.length > 0 || !parsed.ok
    ? { ok: false, faults, mode: flags.mode }
    : { ...parsed, mode: flags.mode };
}

/** `/var/lib/levitate` for root, else the XDG state folder. */
export function defaultStateDirectory(env: Environment): string {
  if (process.getuid?.() === 0) return '/var/lib/levitate';
  const base = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local/state');
  return join(base, 'levitate');
}

async function readConfigFile(
  name: string | undefined,
  faults: ConfigFault[],
): Promise<{ name: string; text: string } | undefined> {
  if (name === undefined) return undefined;
  try {
    return { name, text: await readFile(name, 'utf8') };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    faults.push({ where: `flag --config ${name}`, key: '', problem: `cannot be read: ${why}` });
    return undefined;
  }
}
