import type { ConfigFault } from './config-fault.ts';
import { nearestName } from './nearest-name.ts';

/** One value from a flag or an environment variable, not yet of its type. */
export interface Setting {
  /** Dotted key. */
  readonly key: string;
  readonly raw: string;
  /** Where it came from: `flag --listen`, `environment LEVITATE_TELEMETRY_LISTEN`. */
  readonly where: string;
}

/** What a command line asks for. */
export interface Flags {
  readonly settings: readonly Setting[];
  readonly configFile: string | undefined;
  /** `run` unless one of `--help`, `--print-config`, `--check-config` was given. */
  readonly mode: 'run' | 'help' | 'print-config' | 'check-config';
  readonly faults: readonly ConfigFault[];
}

/** Flags every service knows, beside one per top-level key. */
const ownFlags = ['--config', '--set', '--help', '--print-config', '--check-config'];

/**
 * Reads `--listen X`, `--listen=X`, `--set a.b=c`, `--config FILE` and the modes. Pure.
 * @param keys every dotted key; those without a dot have a flag of their own
 * @param booleans the keys whose flag may stand without a value
 */
export function readFlags(
  argv: readonly string[],
  { keys, booleans }: { keys: readonly string[]; booleans: ReadonlySet<string> },
): Flags {
  const settings: Setting[] = [];
  const faults: ConfigFault[] = [];
  let configFile: string | undefined;
  let mode: Flags['mode'] = 'run';
  const flagKeys = new Map(
    keys.filter((key) => !key.includes('.')).map((key) => [flagOf(key), key] as const),
  );
  const rest = [...argv];
  const fault = (flag: string, problem: string, nearest?: string) =>
    faults.push({ where: `flag ${flag}`, key: '', problem, nearest });

  while (rest.length > 0) {
    const token = rest.shift() ?? '';
    const equals = token.indexOf('=');
    const flag = token.startsWith('--') && equals > 0 ? token.slice(0, equals) : token;
    const key = flagKeys.get(flag.replaceAll('_', '-'));
    if (flag === '--help' || flag === '-h') mode = 'help';
    else if (flag === '--print-config') mode = 'print-config';
    else if (flag === '--check-config') mode = 'check-config';
    else if (key === undefined && flag !== '--config' && flag !== '--set') {
      const problem = token.startsWith('-') ? 'unknown flag' : 'takes no such argument';
      // What follows an unknown flag was most likely its value, and is no fault of its own.
      if (equals < 0 && token.startsWith('-') && rest[0]?.startsWith('-') === false) rest.shift();
      fault(flag, problem, nearestName(flag, [...flagKeys.keys(), ...ownFlags]));
    } else {
      const isBare = equals < 0 && key !== undefined && booleans.has(key);
      const next = rest[0];
      const isValueNext = next !== undefined && (isBare ? /^(true|false)$/.test(next) : true);
      const value = equals > 0 ? token.slice(equals + 1) : isValueNext ? rest.shift() : undefined;
      if (value === undefined && isBare) settings.push({ key, raw: 'true', where: `flag ${flag}` });
      else if (value === undefined) fault(flag, 'needs a value');
      else if (flag === '--config') configFile = value;
      else if (key !== undefined) settings.push({ key, raw: value, where: `flag ${flag}` });
      else addAssignment(value, settings, faults);
    }
  }
  return { settings, configFile, mode, faults };
}

/** The flag of a top-level key. */
export function flagOf(key: string): string {
  return `--${key.replaceAll('_', '-')}`;
}

function addAssignment(value: string, settings: Setting[], faults: ConfigFault[]): void {
  const equals = value.indexOf('=');
  if (equals > 0) {
    const key = value.slice(0, equals);
    settings.push({ key, raw: value.slice(equals + 1), where: `flag --set ${key}` });
  } else {
    faults.push({ where: 'flag --set', key: '', problem: 'needs key=value', given: `"${value}"` });
  }
}
