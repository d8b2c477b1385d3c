import { parse as parseScalar } from 'yaml';
import { z } from 'zod';
import { type ConfigFault, shownValue } from './config-fault.ts';
import { nearestName } from './nearest-name.ts';
import { type Environment, readEnvironment, variableOf } from './read-environment.ts';
import type { Setting } from './read-flags.ts';
import { readYaml } from './read-yaml.ts';
import { allowedOf, schemaAt, schemaKeys, unwrapped } from './schema-keys.ts';
import {
  type CommonConfig,
  commonPresets,
  commonRules,
  type PresetName,
  presetNames,
} from './service-keys.ts';

/** A zod object that extends `commonConfig`. */
export type ConfigSchema = z.ZodObject & { _zod: { output: CommonConfig } };

/** Differences of the presets, as given values. */
export type Presets = { readonly [Name in PresetName]?: Readonly<Record<string, unknown>> };

/** @see parseConfig */
export interface ConfigSources<Schema extends ConfigSchema> {
  readonly service: string;
  readonly schema: Schema;
  readonly presets?: Presets | undefined;
  readonly file?: { readonly name: string; readonly text: string } | undefined;
  readonly env?: Environment | undefined;
  readonly flags?: readonly Setting[] | undefined;
  /** Folder that `state_directory: auto` stands for. */
  readonly stateDirectory?: string | undefined;
}

/** A configuration, or everything that is wrong with it. */
export type ParsedConfig<Schema extends ConfigSchema> =
  | { readonly ok: true; readonly config: z.output<Schema>; readonly origins: Origins }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** Where the value of each dotted key came from; `default` where nobody gave one. */
export type Origins = ReadonlyMap<string, string>;

/**
 * Defaults, then preset, file, environment, flags, each over the one before; all faults of all
 * sources at once (SPEC 1). Pure: texts and variables come in, the frozen configuration comes out.
 */
export function parseConfig<Schema extends ConfigSchema>(
  sources: ConfigSources<Schema>,
): ParsedConfig<Schema> {
  const { service, schema, file, env = {}, flags = [] } = sources;
  const yaml = file ? readYaml(file) : undefined;
  const faults: ConfigFault[] = [...(yaml?.faults ?? [])];
  const layers: Layer[] = [];
  if (yaml !== undefined) {
    layers.push({ value: yaml.value, where: yaml.where });
    faults.push(...unknownKeys(schema, yaml.value, yaml.where));
  }
  for (const setting of [...readEnvironment(service, env), ...flags]) {
    const layer = settingLayer(schema, service, setting);
    if ('problem' in layer) faults.push(layer);
    else layers.push(layer);
  }
  const preset = presetOf(layers);
  const given = [commonPresets[preset], sources.presets?.[preset] ?? {}].map(
    (value): Layer => ({ value, where: () => `preset ${preset}` }),
  );
  const { value, origins } = merged([...given, ...layers]);
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const known = new Set(faults.map(({ where, key }) => `${where} ${key}`));
    const found = parsed.error.issues
      .filter((issue) => issue.code !== 'unrecognized_keys')
      .map((issue) => issueFault({ issue, schema, value, origins }));
    faults.push(...found.filter(({ where, key }) => !known.has(`${where} ${key}`)));
  }
  if (parsed.success) {
    for (const { key, problem } of commonRules(parsed.data as CommonConfig)) {
      faults.push({ where: originOf(origins, key), key, problem });
    }
  }
  if (!parsed.success || faults.length > 0) return { ok: false, faults };
  const config = parsed.data as z.output<Schema> & CommonConfig;
  if (config.state_directory === 'auto' && sources.stateDirectory !== undefined) {
    config.state_directory = sources.stateDirectory;
  }
  return { ok: true, config: deepFrozen(config), origins };
}

/** Where a dotted key came from: its own origin, that of a parent or child, or `default`. */
export function originOf(origins: Origins, key: string): string {
  for (let parent = key; parent !== ''; parent = parent.slice(0, parent.lastIndexOf('.'))) {
    const origin = origins.get(parent);
    if (origin !== undefined) return origin;
    if (!parent.includes('.')) break;
  }
  const below = [...origins.keys()].find((other) => other.startsWith(`${key}.`));
  return below === undefined ? 'default' : (origins.get(below) ?? 'default');
}

interface Layer {
  readonly value: Readonly<Record<string, unknown>>;
  readonly where: (path: readonly PropertyKey[]) => string;
}

/** A flag's or variable's text as a value of its key's type. */
function settingLayer(
  schema: ConfigSchema,
  service: string,
  { key, raw, where }: Setting,
): Layer | ConfigFault {
  const path = key.split('.');
  const target = schemaAt(schema, path);
  if (target === undefined) {
    const keys = schemaKeys(schema).map((known) => known.key);
    const nearest = nearestName(key, keys);
    const shown =
      where.startsWith('environment') && nearest ? variableOf(service, nearest) : nearest;
    return { where, key, problem: 'unknown key', nearest: shown };
  }
  const value = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), typed(target, raw));
  return { value: value as Record<string, unknown>, where: () => where };
}

/** Text stays text where text is wanted; everything else is read as YAML would. */
function typed(schema: z.ZodType, raw: string): unknown {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodString || inner instanceof z.ZodEnum) return raw;
  if (inner instanceof z.ZodNumber) return raw.trim() === '' ? raw : numberOrText(raw);
  try {
    return parseScalar(raw);
  } catch {
    return raw;
  }
}

function numberOrText(raw: string): number | string {
  const number = Number(raw);
  return Number.isNaN(number) ? raw : number;
}

function presetOf(layers: readonly Layer[]): PresetName {
  const asked = layers.findLast(({ value }) => value.preset !== undefined)?.value.preset;
  return presetNames.find((name) => name === asked) ?? 'local';
}

/** Later layers win; maps are merged key by key, lists replace one another. */
function merged(layers: readonly Layer[]): {
  value: Record<string, unknown>;
  origins: Map<string, string>;
} {
  const origins = new Map<string, string>();
  const mergeInto = (
    target: Record<string, unknown>,
    { value, where }: Layer,
    path: readonly string[],
  ): void => {
    for (const [name, given] of Object.entries(value)) {
      if (name === '__proto__') continue;
      const here = [...path, name];
      if (isPlainMap(given) && Object.keys(given).length > 0) {
        const before = target[name];
        const inner = isPlainMap(before) ? before : {};
        target[name] = inner;
        mergeInto(inner, { value: given, where }, here);
      } else if (given !== undefined) {
        target[name] = given;
        noteOrigins(origins, { value: given, where }, here);
      }
    }
  };
  const value: Record<string, unknown> = {};
  for (const layer of layers) mergeInto(value, layer, []);
  return { value, origins };
}

/** Notes where a value that replaces another came from, each item of a list by itself. */
function noteOrigins(
  origins: Map<string, string>,
  { value, where }: { value: unknown; where: Layer['where'] },
  path: readonly (string | number)[],
): void {
  const key = path.join('.');
  for (const other of origins.keys()) if (other.startsWith(`${key}.`)) origins.delete(other);
  origins.set(key, where(path));
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    noteOrigins(origins, { value: item, where }, [...path, name]);
  }
}

/** Keys of a file that the schema does not have, at any depth. */
function unknownKeys(
  schema: z.ZodType,
  value: unknown,
  where: Layer['where'],
  path: readonly PropertyKey[] = [],
): ConfigFault[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) =>
      unknownKeys(inner.element as z.ZodType, item, where, [...path, index]),
    );
  }
  if (inner instanceof z.ZodRecord && isPlainMap(value)) {
    return Object.entries(value).flatMap(([name, item]) =>
      unknownKeys(inner.valueType as z.ZodType, item, where, [...path, name]),
    );
  }
  if (!(inner instanceof z.ZodObject) || !isPlainMap(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const here = [...path, name];
    if (Object.hasOwn(inner.shape, name)) {
      return unknownKeys(inner.shape[name] as z.ZodType, item, where, here);
    }
    const siblings = Object.keys(inner.shape);
    return {
      where: where(here),
      key: here.join('.'),
      problem: 'unknown key',
      allowed: siblings.join(', '),
      nearest: nearestName(name, siblings),
    };
  });
}

function issueFault(parts: {
  issue: z.core.$ZodIssue;
  schema: ConfigSchema;
  value: unknown;
  origins: Origins;
}): ConfigFault {
  const { issue, schema, value, origins } = parts;
  const key = issue.path.join('.');
  const given = issue.path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step],
    value,
  );
  const target = schemaAt(schema, issue.path);
  const where = originOf(origins, key);
  if (given === undefined) {
    return { where, key, problem: 'is required', allowed: target && allowedOf(target) };
  }
  if (issue.code === 'custom') {
    return { where, key, problem: issue.message, given: shownValue(given) };
  }
  const allowed = target && allowedOf(target);
  const names = target && unwrapped(target) instanceof z.ZodEnum ? allowed?.split(', ') : undefined;
  const nearest = names && typeof given === 'string' ? nearestName(given, names) : undefined;
  return { where, key, problem: 'not allowed', given: shownValue(given), allowed, nearest };
}

function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFrozen(inner);
    Object.freeze(value);
  }
  return value;
}
