import { parseConfig } from '@levitate/service-kit';
import { expect, it } from 'vitest';
import { telemetryPresets, telemetrySchema } from './config.ts';

function parse(text: string) {
  return parseConfig({
    service: 'telemetry',
    schema: telemetrySchema,
    presets: telemetryPresets,
    file: { name: 'telemetry.yaml', text },
  });
}

it('without a word it follows the agent of this host and keeps a minute in memory', () => {
  const parsed = parse('');
  expect(parsed.ok && parsed.config).toMatchObject({
    listen: '127.0.0.1:7411',
    ops_listen: '127.0.0.1:7511',
    agents: ['127.0.0.1:7414'],
    windows: { store: 'memory', span_ms: 60_000, samples_max: 600 },
    limits: { links_max: 1000 },
  });
});

it('beyond one host no agent is assumed', () => {
  const tls = 'tls: { cert_file: a.pem, key_file: b.pem, ca_file: c.pem }';
  const parsed = parse(`preset: lan\n${tls}\n`);
  expect(parsed.ok && parsed.config).toMatchObject({ agents: [], tls: { enabled: true } });
});

it.each([
  ['windows: { span: 5 }', 'windows.span', 'span_ms'],
  ['proc: { links: [{ interfaces: lo, link: a }] }', 'proc.links.0.interfaces', 'interface'],
])('an unknown key is named with its nearest neighbour: %s', (text, key, nearest) => {
  const parsed = parse(text);
  expect(parsed.ok ? [] : parsed.faults).toContainEqual(expect.objectContaining({ key, nearest }));
});

it.each([
  'windows: { samples_max: 1000000 }',
  'limits: { links_max: 0 }',
  'agents: [not-an-address]',
  'replay: { speed: .nan }',
  'windows: { store: influx }',
  'prometheus: { url: "ftp://a" }',
  'prometheus: { url: "http://user:secret@a" }',
  'prometheus: { interval_ms: 15000, lookback_ms: 20000 }',
  'prometheus: { username: a, token_file: b }',
  'prometheus: { links: [{ labels: { device: 5 }, link: a }] }',
])('a value out of range is refused with its line: %s', (text) => {
  const parsed = parse(text);
  expect(parsed.ok ? [] : parsed.faults).toContainEqual(
    expect.objectContaining({ where: expect.stringContaining('telemetry.yaml:1') }),
  );
});
