import { parseConfig } from '@levitate/service-kit';
import { describe, expect, it } from 'vitest';
import { fsuControllerConfig, fsuControllerPresets } from './config.ts';

const parse = (text: string) =>
  parseConfig({
    service: 'fsu-controller',
    schema: fsuControllerConfig,
    presets: fsuControllerPresets,
    file: { name: 'fsu.yaml', text },
  });

describe('fsuControllerConfig', () => {
  it('gives a target the bounds of the specification', () => {
    const parsed = parse('targets:\n  - name: a\n');
    expect(parsed.ok && parsed.config.targets[0]).toMatchObject({
      mode: 'recommend',
      predictive: true,
      min_bytes: 524_288,
      max_bytes: 16_777_216,
      latency_budget_ms: 150,
      max_changes_per_minute: 10,
      hold_ms: 10_000,
      setpoint: 0.7,
    });
  });

  it('reaches a Redis with a password and a prefix, as telemetry does', () => {
    const redis = '{ url: redis://cache:6379, password_file: /run/p, key_prefix: own }';
    const parsed = parse(`windows:\n  source: redis\n  redis: ${redis}\n`);
    expect(parsed.ok && parsed.config.windows).toEqual({
      source: 'redis',
      redis: { url: 'redis://cache:6379', password_file: '/run/p', key_prefix: 'own' },
    });
  });

  it.each([
    ['targets:\n  - name: a\n  - name: a\n', 'targets.1.name'],
    ['targets:\n  - name: a\n    min_bytes: 9\n    max_bytes: 8\n', 'targets.0.min_bytes'],
    ['targets:\n  - name: a\n    mode: force\n', 'targets.0.mode'],
    ['targets:\n  - name: a\n    model: magic\n', 'targets.0.model'],
    ['targets:\n  - name: a\n    latency_budget_ms: .nan\n', 'targets.0.latency_budget_ms'],
    ['windows:\n  source: file\n', 'windows.source'],
    ['windows:\n  redis_url: redis://cache:6379\n', 'windows.redis_url'],
    ['lease_ttl: 5\n', 'lease_ttl'],
  ])('refuses %j at %s', (text, key) => {
    const parsed = parse(text);
    expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.key)).toContain(key);
  });
});
