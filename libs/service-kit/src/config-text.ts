import type { ConfigSchema, Origins } from './parse-config.ts';
import { originOf } from './parse-config.ts';
import { variableOf } from './read-environment.ts';
import { flagOf } from './read-flags.ts';
import { schemaKeys } from './schema-keys.ts';

/** `--print-config`: each effective value with where it came from, as YAML that can be loaded. */
export function configText(schema: ConfigSchema, config: object, origins: Origins): string {
  const lines: { text: string; origin: string }[] = [];
  let open: string[] = [];
  for (const { key } of schemaKeys(schema)) {
    const parents = key.split('.').slice(0, -1);
    parents.forEach((parent, depth) => {
      if (open[depth] !== parent) {
        lines.push({ text: `${'  '.repeat(depth)}${parent}:`, origin: '' });
        open = [...open.slice(0, depth), parent];
      }
    });
    open = open.slice(0, parents.length);
    const name = key.slice(key.lastIndexOf('.') + 1);
    const value = JSON.stringify(valueAt(config, key)) ?? 'null';
    const text = `${'  '.repeat(parents.length)}${name}: ${value}`;
    lines.push({ text, origin: originOf(origins, key) });
  }
  const width = Math.min(60, Math.max(...lines.map(({ text }) => text.length)));
  return lines
    .map(({ text, origin }) => (origin === '' ? text : `${text.padEnd(width)}  # ${origin}`))
    .join('\n');
}

/** `--help`: an example first, then every key with its meaning, what is allowed and the default. */
export function helpText(parts: {
  service: string;
  description: string;
  schema: ConfigSchema;
}): string {
  const { service, description, schema } = parts;
  const defaults = schema.safeParse({});
  const keys = schemaKeys(schema).map(({ key, meaning, allowed }) => {
    const value = defaults.success ? valueAt(defaults.data, key) : undefined;
    const byDefault = value === undefined ? 'required' : `default ${JSON.stringify(value)}`;
    return `  ${key}\n      ${meaning}\n      ${allowed}; ${byDefault}`;
  });
  const variable = variableOf(service, 'tls.cert_file');
  return [
    `${service}: ${description}`,
    '',
    'Example:',
    `  node apps/${service}/src/main.ts --config ${service}.yaml ${flagOf('log_level')} debug`,
    '',
    'Flags:',
    '  --config FILE      YAML file with the keys below',
    '  --KEY VALUE        a key without a dot, dashes for underscores (--ops-listen 127.0.0.1:0)',
    '  --set KEY=VALUE    any key (--set tls.cert_file=node.pem)',
    '  --print-config     effective values and where each came from, then exit',
    '  --check-config     check the configuration, then exit (0 sound, 2 faulty)',
    '',
    `File < environment (${variable}) < flags. Exit codes: 0 stopped as asked,`,
    '1 failed, 2 configuration faulty, 3 address in use.',
    '',
    'Keys:',
    ...keys,
  ].join('\n');
}

function valueAt(config: object, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (inner, step) => (inner as Record<string, unknown> | undefined)?.[step],
      config,
    );
}
