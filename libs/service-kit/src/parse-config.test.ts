import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { faultLine } from './config-fault.ts';
import { configText } from './config-text.ts';
import { type ConfigSources, parseConfig } from './parse-config.ts';
import { commonConfig } from './service-keys.ts';

const schema = commonConfig.extend({
  window_samples: z.int().min(10).max(6_000).default(600).describe('Samples held.'),
  origin: z.enum(['kernel', 'proc']).default('kernel').describe('Where from.'),
  ratio: z.number().min(0).max(1).default(0.5).describe('A share.'),
  links: z
    .array(z.strictObject({ name: z.string().min(1), rate: z.number().min(0).default(1) }))
    .default([])
    .describe('Links.'),
  limits: z.record(z.string(), z.int().min(0)).default({}).describe('Limits by name.'),
  redis: z.strictObject({ url: z.string().default('').describe('Where.') }).prefault({}),
});

type Sources = Omit<ConfigSources<typeof schema>, 'service' | 'schema'>;
const parse = (sources: Sources) => parseConfig({ service: 'telemetry', schema, ...sources });
const yaml = (text: string) => ({ name: 'telemetry.yaml', text });
const linesOf = (sources: Sources) => {
  const parsed = parse(sources);
  return parsed.ok ? [] : parsed.faults.map(faultLine);
};

describe('parseConfig', () => {
  it('gives defaults where nothing is given, frozen to the bottom', () => {
    const parsed = parse({ stateDirectory: '/state' });
    if (!parsed.ok) throw new Error('not ok');
    expect(parsed.config).toMatchObject({
      preset: 'local',
      window_samples: 600,
      redis: { url: '' },
    });
    expect(parsed.config.state_directory).toBe('/state');
    expect(Object.isFrozen(parsed.config.tls)).toBe(true);
  });

  it('lets file win over preset, environment over file, flags over all, and knows who won', () => {
    const parsed = parse({
      presets: { local: { window_samples: 100, ratio: 0.1, origin: 'proc', redis: { url: 'p' } } },
      file: yaml('# telemetry\nwindow_samples: 200\nratio: 0.2\norigin: kernel\n'),
      env: { LEVITATE_TELEMETRY_RATIO: '0.3', LEVITATE_TELEMETRY_ORIGIN: 'proc', PATH: '/bin' },
      flags: [{ key: 'origin', raw: 'kernel', where: 'flag --origin' }],
    });
    if (!parsed.ok) throw new Error(parsed.faults.map(faultLine).join('\n'));
    expect(parsed.config).toMatchObject({ window_samples: 200, ratio: 0.3, origin: 'kernel' });
    expect(parsed.config.redis.url).toBe('p');
    const text = configText(schema, parsed.config, parsed.origins);
    expect(text).toMatch(/^window_samples: 200 +# telemetry.yaml:2$/m);
    expect(text).toMatch(/^ratio: 0.3 +# environment LEVITATE_TELEMETRY_RATIO$/m);
    expect(text).toMatch(/^origin: "kernel" +# flag --origin$/m);
    expect(text).toMatch(/^ {2}url: "p" +# preset local$/m);
    expect(text).toMatch(/^log_level: "info" +# default$/m);
  });

  it('prints a configuration that loads to the same configuration', () => {
    const first = parse({ flags: [{ key: 'links', raw: '[{name: a}]', where: 'flag --links' }] });
    if (!first.ok) throw new Error('not ok');
    const again = parse({ file: yaml(configText(schema, first.config, first.origins)) });
    expect(again.ok && again.config).toEqual(first.config);
  });

  it('reports every fault of every source at once', () => {
    const lines = linesOf({
      file: yaml('window_sample: 5\nratio: 2\nlinks:\n  - name: a\n    rat: 3\n  - name: ""\n'),
      env: { LEVITATE_TELEMETRY_ORGIN: 'proc', LEVITATE_TELEMETRY_GRACE_PERIOD_MS: 'soon' },
      flags: [
        { key: 'origin', raw: 'kernal', where: 'flag --origin' },
        { key: 'tls.cert', raw: 'x', where: 'flag --set tls.cert' },
      ],
    });
    expect(lines).toHaveLength(8);
    const text = lines.join('\n');
    expect(text).toMatch(
      /^telemetry.yaml:1: window_sample: unknown key.*nearest: window_samples$/m,
    );
    expect(text).toContain(
      'telemetry.yaml:2: ratio: not allowed; given 2; allowed: a number from 0 to 1',
    );
    expect(text).toMatch(/^telemetry.yaml:5: links.0.rat: unknown key.*nearest: rate$/m);
    expect(text).toMatch(
      /^telemetry.yaml:6: links.1.name: not allowed; given ""; allowed: text, not empty$/m,
    );
    expect(text).toMatch(
      /^environment LEVITATE_TELEMETRY_ORGIN: .*nearest: LEVITATE_TELEMETRY_ORIGIN$/m,
    );
    expect(text).toMatch(
      /GRACE_PERIOD_MS: grace_period_ms: not allowed; given "soon"; allowed: a whole/,
    );
    expect(text).toContain('given "kernal"; allowed: kernel, proc; nearest: kernel');
    expect(text).toMatch(/^flag --set tls.cert: .*nearest: tls.cert_file$/m);
  });

  it.each([
    ['a: [1', /telemetry.yaml:1: not valid YAML/],
    ['ratio: 0.1\nratio: 0.2', /telemetry.yaml:2: not valid YAML: Map keys must be unique/],
    ['- a\n- b', /telemetry.yaml:1: must hold keys and values/],
    ['ratio: null', /telemetry.yaml:1: ratio: not allowed; given null/],
    ['links: {}', /telemetry.yaml:1: links: not allowed/],
    ['tls: yes please', /telemetry.yaml:1: tls: not allowed; given "yes please"; allowed: keys/],
    ['window_samples: .nan', /window_samples: not allowed/],
    ['window_samples: 10.5', /window_samples: not allowed; given 10.5; allowed: a whole number/],
    ['listen: "7411"', /listen: not allowed; given "7411"; allowed: host:port/],
    ['listen: 127.0.0.1:70000', /listen: host:port with a port from 0 to 65535/],
    ['limits: { a: -1 }', /telemetry.yaml:1: limits.a: not allowed; given -1/],
    [`a: &a [x]\nb: [${Array(200).fill('*a').join(', ')}]`, /telemetry.yaml/],
  ])('says what is wrong with %j', (text, pattern) => {
    expect(linesOf({ file: yaml(text) }).join('\n')).toMatch(pattern);
  });

  it('reads an empty file as no settings', () => {
    expect(parse({ file: yaml('# nothing yet\n') }).ok).toBe(true);
  });

  it('keeps text that looks like a number text where text is wanted', () => {
    const parsed = parse({ env: { LEVITATE_TELEMETRY_REDIS__URL: '6379' } });
    expect(parsed.ok && parsed.config.redis.url).toBe('6379');
  });

  it('demands TLS outside the local preset, and its files where it is on', () => {
    const off = linesOf({ flags: [{ key: 'preset', raw: 'wan', where: 'flag --preset' }] });
    expect(off).toHaveLength(3);
    expect(off[0]).toContain('tls.cert_file: must name a PEM file');
    const plain = linesOf({
      file: yaml('preset: lan\ntls:\n  enabled: false\n'),
    });
    expect(plain).toEqual([
      'telemetry.yaml:3: tls.enabled: must be true in preset lan; only local is plaintext',
    ]);
  });

  it('never throws and never accepts what the schema refuses, whatever the file holds', () => {
    const value = fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.string(), fc.constant(null));
    const key = fc.constantFrom('window_samples', 'ratio', 'tls', 'links', 'origin', '__proto__');
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), (pairs) => {
        const text = pairs.map(([name, one]) => `${name}: ${JSON.stringify(one)}`).join('\n');
        const parsed = parse({ file: yaml(text) });
        if (parsed.ok) expect(schema.safeParse(parsed.config).success).toBe(true);
        else expect(parsed.faults.length).toBeGreaterThan(0);
      }),
    );
    expect(({} as Record<string, unknown>).enabled).toBeUndefined();
  });
});
