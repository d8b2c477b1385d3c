import type { Setting } from './read-flags.ts';

/** Environment as a process has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Prefix of a service's variables: `fsu-controller` reads `LEVITATE_FSU_CONTROLLER_...`. */
export function variablePrefix(service: string): string {
  return `LEVITATE_${service.toUpperCase().replaceAll('-', '_')}_`;
}

/** The variable of a dotted key; two underscores stand for the dot. */
export function variableOf(service: string, key: string): string {
  return variablePrefix(service) + key.toUpperCase().replaceAll('.', '__');
}

/** Every setting the environment holds for a service, sorted by name. Pure. */
export function readEnvironment(service: string, env: Environment): Setting[] {
  const prefix = variablePrefix(service);
  return Object.entries(env)
    .filter(([name, raw]) => name.startsWith(prefix) && raw !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, raw]) => ({
      key: name.slice(prefix.length).toLowerCase().replaceAll('__', '.'),
      raw: raw ?? '',
      where: `environment ${name}`,
    }));
}
