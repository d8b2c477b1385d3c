import { parseConfig } from '@levitate/service-kit';
import { describe, expect, it } from 'vitest';
import { fsuControllerConfig, fsuControllerPresets } from './config.ts';
import { bufferBoundsOf } from './target-config.ts';

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
    const [target] = parsed.ok ? parsed.config.targets : [];
    expect(target).toMatchObject({
      resource: 'buffer',
      mode: 'recommend',
      predictive: true,
      latency_budget_ms: 150,
      max_changes_per_minute: 10,
      canary: false,
    });
    expect(bufferBoundsOf(target ?? {})).toEqual({ min: 524_288, max: 16_777_216 });
  });

  it('takes a resource with its source and bounds', () => {
    const source = 'source: "pgbouncer://ops@db:6432/shop"';
    const parsed = parse(
      `targets:\n  - { name: shop, resource: connection_pool, ${source}, min: 4, max: 64 }\n`,
    );
    expect(parsed.ok && parsed.config.targets[0]).toMatchObject({ min: 4, max: 64 });
  });

  it('lets a law that rests on the peak itself use all of it', () => {
    const parsed = parse('targets:\n  - { name: a, setpoint: 1, model: held-peak }\n');
    expect(parsed.ok && parsed.config.targets[0]).toMatchObject({ setpoint: 1 });
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
    ['targets:\n  - name: a\n    min: 9\n    max: 8\n', 'targets.0.min'],
    ['targets:\n  - { name: a, resource: memory, min: 1, max: 2 }\n', 'targets.0.source'],
    ['targets:\n  - { name: a, resource: memory, source: "jmx://h" }\n', 'targets.0.max'],
    ['targets:\n  - { name: a, source: "jmx://h" }\n', 'targets.0.source'],
    ['targets:\n  - { name: a/b, resource: memory, source: "jmx://h" }\n', 'targets.0.name'],
    ['canary:\n  stages: [{ share: 2 }]\n', 'canary.stages.0.share'],
    ['leases:\n  store: file\n', 'leases.directory'],
    ['targets:\n  - name: a\n    mode: force\n', 'targets.0.mode'],
    ['targets:\n  - name: a\n    model: magic\n', 'targets.0.model'],
    ['targets:\n  - { name: a, setpoint: 1, model: pid }\n', 'targets.0.setpoint'],
    ['targets:\n  - name: a\n    latency_budget_ms: .nan\n', 'targets.0.latency_budget_ms'],
    ['windows:\n  source: file\n', 'windows.source'],
    ['windows:\n  redis_url: redis://cache:6379\n', 'windows.redis_url'],
    ['lease_ttl: 5\n', 'lease_ttl'],
  ])('refuses %j at %s', (text, key) => {
    const parsed = parse(text);
    expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.key)).toContain(key);
  });
});
