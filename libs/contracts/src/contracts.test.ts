import { describe, expect, it } from 'vitest';
import { contracts } from './contracts.ts';

const sample = { link: 'lane-a', timeUnixMs: 1_700_000_000_000 };
const pathSample = { path: 'a>b', timeUnixMs: 1_700_000_000_000 };
const lease = { link: 'lane-a', holder: 'fsu-controller', fencingToken: 1 };
const claim = { name: 'pool', holder: 'fsu-controller', fencingToken: 1 };
const long = 'x'.repeat(129);

/** A sound request of every RPC, and faulty ones with the field each must name. */
const requests: Record<string, Record<string, { sound: object; faulty: [object, string][] }>> = {
  telemetry: {
    pushSamples: {
      sound: { samples: [{ ...sample, queueBytes: 0, origin: 'SAMPLE_ORIGIN_KERNEL' }] },
      faulty: [
        [{ samples: [] }, 'samples'],
        [{ samples: Array.from({ length: 1_001 }, () => sample) }, 'samples'],
        [{ samples: [{ timeUnixMs: 1 }] }, 'samples[0].link'],
        [{ samples: [{ ...sample, link: long }] }, 'samples[0].link'],
        [{ samples: [{ link: 'a' }] }, 'samples[0].time_unix_ms'],
        [{ samples: [{ link: 'a', timeUnixMs: Number.NaN }] }, 'samples[0].time_unix_ms'],
        [{ samples: [{ ...sample, sequence: -1 }] }, 'samples[0].sequence'],
        [{ samples: [{ ...sample, sequence: 2 ** 64 }] }, 'samples[0].sequence'],
        [{ samples: [{ ...sample, intervalMs: 0 }] }, 'samples[0].interval_ms'],
        ...(
          [
            ['throughputBytesPerSecond', 'throughput_bytes_per_second'],
            ['packetsPerSecond', 'packets_per_second'],
            ['throughputPeakBytesPerSecond', 'throughput_peak_bytes_per_second'],
            ['queueBytes', 'queue_bytes'],
            ['queuePackets', 'queue_packets'],
            ['queueHighWaterBytes', 'queue_high_water_bytes'],
            ['latencyP50Seconds', 'latency_p50_seconds'],
            ['latencyP95Seconds', 'latency_p95_seconds'],
            ['latencyP99Seconds', 'latency_p99_seconds'],
            ['connectionsPerSecond', 'connections_per_second'],
            ['droppedPackets', 'dropped_packets'],
            ['droppedBytes', 'dropped_bytes'],
            ['limitBytes', 'limit_bytes'],
            ['drainBytesPerSecond', 'drain_bytes_per_second'],
          ] as const
        ).flatMap(([key, field]): [object, string][] =>
          [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e300].map((value) => [
            { samples: [sample, { ...sample, [key]: value }] },
            `samples[1].${field}`,
          ]),
        ),
        [{ samples: [{ ...sample, origin: 'SAMPLE_ORIGIN_MOON' }] }, 'samples[0].origin'],
        [{ samples: [{ ...sample, origin: 9 }] }, 'samples[0].origin'],
      ],
    },
    getWindow: {
      sound: { link: 'a' },
      faulty: [
        [{}, 'link'],
        [{ link: long }, 'link'],
      ],
    },
    streamSamples: {
      sound: { links: ['a'], backlog: true },
      faulty: [
        [{ links: [''] }, 'links[0]'],
        [{ links: Array.from({ length: 1_001 }, () => 'a') }, 'links'],
        [{ backlog: 'yes' }, 'backlog'],
      ],
    },
    listLinks: { sound: {}, faulty: [] },
    pushPathSamples: {
      sound: {
        samples: [
          { ...pathSample, lossRatio: 0, origin: 'SAMPLE_ORIGIN_PUSH' },
          { ...pathSample, lossRatio: 1, bandwidthBytesPerSecond: 0, roundTripSeconds: 0 },
        ],
      },
      faulty: [
        [{ samples: [] }, 'samples'],
        [{ samples: Array.from({ length: 1_001 }, () => pathSample) }, 'samples'],
        [{ samples: [{ timeUnixMs: 1 }] }, 'samples[0].path'],
        [{ samples: [{ ...pathSample, path: long }] }, 'samples[0].path'],
        [{ samples: [{ ...pathSample, path: 'a\u001b[2J' }] }, 'samples[0].path'],
        [{ samples: [{ path: 'a' }] }, 'samples[0].time_unix_ms'],
        [{ samples: [{ path: 'a', timeUnixMs: Number.NaN }] }, 'samples[0].time_unix_ms'],
        [{ samples: [{ path: 'a', timeUnixMs: 8.7e15 }] }, 'samples[0].time_unix_ms'],
        [{ samples: [{ ...pathSample, sequence: -1 }] }, 'samples[0].sequence'],
        [{ samples: [{ ...pathSample, sequence: 1.5 }] }, 'samples[0].sequence'],
        [{ samples: [{ ...pathSample, sequence: 2 ** 64 }] }, 'samples[0].sequence'],
        [{ samples: [{ ...pathSample, intervalMs: 0 }] }, 'samples[0].interval_ms'],
        [{ samples: [{ ...pathSample, intervalMs: 3_600_001 }] }, 'samples[0].interval_ms'],
        [
          { samples: [{ ...pathSample, roundTripSeconds: 3_601 }] },
          'samples[0].round_trip_seconds',
        ],
        [{ samples: [{ ...pathSample, lossRatio: 1.000_001 }] }, 'samples[0].loss_ratio'],
        ...(
          [
            ['bandwidthBytesPerSecond', 'bandwidth_bytes_per_second'],
            ['roundTripSeconds', 'round_trip_seconds'],
            ['lossRatio', 'loss_ratio'],
          ] as const
        ).flatMap(([key, field]): [object, string][] =>
          [-1e-9, Number.NaN, Number.POSITIVE_INFINITY, 1e300, '1'].map((value) => [
            { samples: [pathSample, { ...pathSample, [key]: value }] },
            `samples[1].${field}`,
          ]),
        ),
        [{ samples: [{ ...pathSample, origin: 'SAMPLE_ORIGIN_MOON' }] }, 'samples[0].origin'],
        [{ samples: [{ ...pathSample, origin: 9 }] }, 'samples[0].origin'],
      ],
    },
    getPathWindow: {
      sound: { path: 'a>b' },
      faulty: [
        [{}, 'path'],
        [{ path: long }, 'path'],
      ],
    },
    streamPathSamples: {
      sound: { paths: ['a>b'], backlog: true },
      faulty: [
        [{ paths: [''] }, 'paths[0]'],
        [{ paths: Array.from({ length: 1_001 }, () => 'a') }, 'paths'],
        [{ backlog: 'yes' }, 'backlog'],
      ],
    },
    listPaths: { sound: {}, faulty: [] },
  },
  predictor: {
    streamForecasts: { sound: {}, faulty: [[{ links: [long] }, 'links[0]']] },
    getForecast: { sound: { link: 'a' }, faulty: [[{}, 'link']] },
    forecastWindow: {
      sound: { samples: [sample, { ...sample, timeUnixMs: sample.timeUnixMs + 100 }] },
      faulty: [
        [{ samples: [] }, 'samples'],
        [{ samples: Array.from({ length: 6_001 }, () => sample) }, 'samples'],
        [{ samples: [sample, sample] }, 'samples[1].time_unix_ms'],
        [{ samples: [sample, { link: 'b', timeUnixMs: 2e12 }] }, 'samples[1].link'],
        [{ samples: [{ ...sample, queueBytes: -1 }] }, 'samples[0].queue_bytes'],
      ],
    },
    listForecasters: { sound: {}, faulty: [[{ link: long }, 'link']] },
  },
  bandwidth: {
    streamBandwidth: { sound: {}, faulty: [[{ paths: [long] }, 'paths[0]']] },
    getBandwidth: { sound: { path: 'a' }, faulty: [[{}, 'path']] },
    forecastBandwidth: {
      sound: { windows: [{ samples: [pathSample] }], horizonSteps: 10, trafficClass: '4g' },
      faulty: [
        [{ windows: [] }, 'windows'],
        [{ windows: Array(65).fill({ samples: [pathSample] }) }, 'windows'],
        [{ windows: [{ samples: [] }] }, 'windows[0].samples'],
        [{ windows: [{ samples: Array(1_001).fill(pathSample) }] }, 'windows[0].samples'],
        [
          { windows: [{ samples: [pathSample, pathSample] }] },
          'windows[0].samples[1].time_unix_ms',
        ],
        [
          { windows: [{ samples: [pathSample, { path: 'b', timeUnixMs: 2e12 }] }] },
          'windows[0].samples[1].path',
        ],
        [{ windows: [{ samples: [pathSample] }], horizonSteps: 11 }, 'horizon_steps'],
        [{ windows: [{ samples: [pathSample] }], trafficClass: long }, 'traffic_class'],
      ],
    },
  },
  liquid: {
    inferLiquid: {
      sound: { windows: [{ steps: [{ elapsedSeconds: 0.5, values: [1, -2] }] }] },
      faulty: [
        [{ windows: [] }, 'windows'],
        [{ model: long, windows: [{ steps: [{ values: [1] }] }] }, 'model'],
        [{ windows: [{ steps: [] }] }, 'windows[0].steps'],
        [{ windows: [{ steps: [{ values: [] }] }] }, 'windows[0].steps[0].values'],
        [{ windows: [{ steps: [{ values: [Number.NaN] }] }] }, 'windows[0].steps[0].values[0]'],
        [
          { windows: [{ steps: [{ elapsedSeconds: -1, values: [1] }] }] },
          'windows[0].steps[0].elapsed_seconds',
        ],
      ],
    },
  },
  models: {
    listModels: { sound: {}, faulty: [] },
    getModel: { sound: { name: 'a' }, faulty: [[{}, 'name']] },
  },
  fsuController: {
    listTargets: { sound: {}, faulty: [] },
    streamTicks: { sound: { targets: ['a'] }, faulty: [[{ targets: [''] }, 'targets[0]']] },
    listDecisions: {
      sound: { target: '', limit: 1_000 },
      faulty: [
        [{ limit: 1_001 }, 'limit'],
        [{ limit: -1 }, 'limit'],
        [{ limit: 1.5 }, 'limit'],
        [{ target: long }, 'target'],
      ],
    },
    explainDecision: {
      sound: { id: 1 },
      faulty: [
        [{}, 'id'],
        [{ id: 0 }, 'id'],
        [{ id: -1 }, 'id'],
      ],
    },
    setMode: {
      sound: { mode: 'MODE_ENFORCE' },
      faulty: [
        [{}, 'mode'],
        [{ mode: 'MODE_UNSPECIFIED' }, 'mode'],
        [{ mode: 'MODE_FULL_SPEED' }, 'mode'],
        [{ mode: 'MODE_OBSERVE', target: long }, 'target'],
      ],
    },
    pause: {
      sound: { durationSeconds: 0, reason: 'maintenance' },
      faulty: [
        [{ durationSeconds: -1 }, 'duration_seconds'],
        [{ durationSeconds: 86_401 }, 'duration_seconds'],
        [{ durationSeconds: Number.NaN }, 'duration_seconds'],
        [{ reason: 'x'.repeat(513) }, 'reason'],
      ],
    },
    resume: { sound: {}, faulty: [] },
    rollback: { sound: {}, faulty: [[{ target: long }, 'target']] },
    getCanary: { sound: {}, faulty: [] },
    startCanary: { sound: {}, faulty: [] },
    abortCanary: { sound: {}, faulty: [[{ reason: 'x'.repeat(2_000) }, 'reason']] },
    listReports: { sound: {}, faulty: [[{ target: long }, 'target']] },
  },
  ebpfAgent: {
    streamSamples: { sound: {}, faulty: [] },
    listLinks: { sound: {}, faulty: [] },
    streamMicrobursts: {
      sound: { links: ['a'] },
      faulty: [
        [{ links: [''] }, 'links[0]'],
        [{ links: Array(1_001).fill('a') }, 'links'],
      ],
    },
    ...Object.fromEntries(
      ['acquireLease', 'renewLease'].map((rpc) => [
        rpc,
        {
          sound: { ...lease, ttlMs: 500 },
          faulty: [
            [{ ...lease }, 'ttl_ms'],
            [{ ...lease, ttlMs: 499 }, 'ttl_ms'],
            [{ ...lease, ttlMs: 60_001 }, 'ttl_ms'],
            [{ ...lease, ttlMs: 500, link: '' }, 'link'],
            [{ ...lease, ttlMs: 500, holder: '' }, 'holder'],
            [{ ...lease, ttlMs: 500, fencingToken: undefined }, 'fencing_token'],
            [{ ...lease, ttlMs: 500, fencingToken: 0 }, 'fencing_token'],
          ] as [object, string][],
        },
      ]),
    ),
    renewLeases: {
      sound: { holder: 'h', ttlMs: 500, leases: [{ link: 'a', fencingToken: 1 }] },
      faulty: [
        [{ holder: 'h', ttlMs: 500, leases: [] }, 'leases'],
        [{ holder: 'h', ttlMs: 500, leases: Array(1_001).fill({}) }, 'leases'],
        [{ holder: 'h', ttlMs: 499, leases: [{ link: 'a', fencingToken: 1 }] }, 'ttl_ms'],
        [{ ttlMs: 500, leases: [{ link: 'a', fencingToken: 1 }] }, 'holder'],
        [{ holder: 'h', ttlMs: 500, leases: [{ fencingToken: 1 }] }, 'leases[0].link'],
        [{ holder: 'h', ttlMs: 500, leases: [{ link: 'a' }] }, 'leases[0].fencing_token'],
      ],
    },
    releaseLease: { sound: lease, faulty: [[{ ...lease, holder: long }, 'holder']] },
    setQueueLimit: {
      sound: { ...lease, limitBytes: 1 },
      faulty: [
        [lease, 'limit_bytes'],
        [{ ...lease, limitBytes: 0 }, 'limit_bytes'],
        [{ ...lease, limitBytes: -5 }, 'limit_bytes'],
        [{ ...lease, limitBytes: Number.NaN }, 'limit_bytes'],
        [{ ...lease, limitBytes: 2 ** 32 }, 'limit_bytes'],
        [{ ...lease, limitBytes: 1, fencingToken: -1 }, 'fencing_token'],
      ],
    },
    setQueueLimits: {
      sound: { holder: 'h', changes: [{ link: 'a', fencingToken: 1, limitBytes: 1 }] },
      faulty: [
        [{ changes: [{ link: 'a', fencingToken: 1, limitBytes: 1 }] }, 'holder'],
        [{ holder: 'h', changes: [] }, 'changes'],
        [{ holder: 'h', changes: [{ link: 'a', fencingToken: 1 }] }, 'changes[0].limit_bytes'],
        [{ holder: 'h', changes: [{ link: 'a', limitBytes: 1 }] }, 'changes[0].fencing_token'],
        [{ holder: 'h', changes: [{ fencingToken: 1, limitBytes: 1 }] }, 'changes[0].link'],
      ],
    },
    restore: { sound: {}, faulty: [[{ link: long }, 'link']] },
    getCapabilities: { sound: {}, faulty: [] },
    listPrograms: { sound: {}, faulty: [] },
  },
  managedResource: {
    listResources: { sound: {}, faulty: [] },
    measure: {
      sound: { names: ['pool'], reader: 'fsu-controller' },
      faulty: [
        [{ names: [''] }, 'names[0]'],
        [{ names: Array(1_001).fill('a') }, 'names'],
        [{ reader: long }, 'reader'],
      ],
    },
    apply: {
      sound: { ...claim, size: 0.5 },
      faulty: [
        [claim, 'size'],
        [{ ...claim, size: -1 }, 'size'],
        [{ ...claim, size: Number.NaN }, 'size'],
        [{ ...claim, size: 2 ** 60 }, 'size'],
        [{ ...claim, size: 1, name: '' }, 'name'],
        [{ ...claim, size: 1, holder: '' }, 'holder'],
        [{ ...claim, size: 1, fencingToken: 0 }, 'fencing_token'],
      ],
    },
    ...Object.fromEntries(
      ['acquireLease', 'renewLease'].map((rpc) => [
        rpc,
        {
          sound: { ...claim, ttlMs: 500 },
          faulty: [
            [claim, 'ttl_ms'],
            [{ ...claim, ttlMs: 60_001 }, 'ttl_ms'],
            [{ ...claim, ttlMs: 500, name: long }, 'name'],
            [{ ...claim, ttlMs: 500, holder: '' }, 'holder'],
            [{ ...claim, ttlMs: 500, fencingToken: undefined }, 'fencing_token'],
          ] as [object, string][],
        },
      ]),
    ),
    releaseLease: { sound: claim, faulty: [[{ ...claim, holder: long }, 'holder']] },
    restore: {
      sound: claim,
      faulty: [
        [{ name: long }, 'name'],
        [{ holder: 'h' }, 'fencing_token'],
        [{ holder: 'h', fencingToken: -1 }, 'fencing_token'],
      ],
    },
  },
};

for (const [service, contract] of Object.entries(contracts)) {
  describe(contract.fullName, () => {
    const names = Object.keys(contract.definition).map(
      (rpc) => rpc[0]?.toLowerCase() + rpc.slice(1),
    );
    const validate = contract.validate as Record<string, (request: unknown) => { field: string }[]>;

    it('has a validator, and a case here, for every RPC and no other', () => {
      expect(Object.keys(contract.validate).sort()).toEqual([...names].sort());
      expect(Object.keys(requests[service] ?? {}).sort()).toEqual([...names].sort());
    });

    it('judges every field of every request', () => {
      for (const [rpc, { requestType }] of Object.entries(contract.definition) as never as [
        string,
        { requestType: { type: { field: { name: string; jsonName?: string }[] } } },
      ][]) {
        const check = validate[rpc[0]?.toLowerCase() + rpc.slice(1)];
        for (const { name } of requestType.type.field) {
          const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
          const camel = snake.replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase());
          const faults = check?.({ [camel]: { absurd: true } });
          // Of a message within a message it is a field of that one.
          const found = faults?.map(({ field }) => field.split('.')[0]);
          expect(found, `${rpc} does not judge ${name}`).toContain(snake);
        }
      }
    });

    it('retries unary RPCs alone', () => {
      for (const name of contract.idempotent as readonly string[]) {
        const rpc = (name[0]?.toUpperCase() ?? '') + name.slice(1);
        expect(contract.definition[rpc]?.responseStream).toBe(false);
      }
    });

    for (const [rpc, { sound, faulty }] of Object.entries(requests[service] ?? {})) {
      it(`takes a sound ${rpc} and names the field of each fault`, () => {
        expect(validate[rpc]?.(sound)).toEqual([]);
        for (const [request, field] of faulty) {
          const found = validate[rpc]?.(request).map((violation) => violation.field);
          expect(found, JSON.stringify(request).slice(0, 200)).toEqual([field]);
        }
      });

      it(`finds nothing wrong with a sound ${rpc} once it has crossed the wire`, () => {
        const name = (rpc[0]?.toUpperCase() ?? '') + rpc.slice(1);
        const method = contract.definition[name];
        const received = method?.requestDeserialize(method.requestSerialize(sound));
        expect(validate[rpc]?.(received)).toEqual([]);
      });
    }
  });
}

describe('decoding', () => {
  const push = contracts.telemetry.definition.PushSamples;
  const across = (request: object) => push?.requestDeserialize(push.requestSerialize(request));

  it('leaves an absent optional field undefined and keeps a zero', () => {
    const { samples } = across({ samples: [{ ...sample, queueBytes: 0 }] });
    expect(samples[0].queueBytes).toBe(0);
    expect(samples[0].droppedBytes).toBeUndefined();
    expect('droppedBytes' in samples[0]).toBe(false);
    expect(samples[0].origin).toBe('SAMPLE_ORIGIN_UNSPECIFIED');
  });

  it('shows why the client must validate: the encoder makes an unknown enum name 0', () => {
    const { samples } = across({ samples: [{ ...sample, origin: 'SAMPLE_ORIGIN_MOON' }] });
    expect(samples[0].origin).toBe('SAMPLE_ORIGIN_UNSPECIFIED');
  });

  it('keeps an enum number it does not know a number, which the validator refuses', () => {
    const received = across({ samples: [{ ...sample, origin: 77 }] });
    expect(received.samples[0].origin).toBe(77);
    expect(contracts.telemetry.validate.pushSamples(received)[0]?.field).toBe('samples[0].origin');
  });

  it('keeps -1 in an unsigned field visible as out of range', () => {
    const explain = contracts.fsuController.definition.ExplainDecision;
    const received = explain?.requestDeserialize(explain.requestSerialize({ id: -1 }));
    expect(contracts.fsuController.validate.explainDecision(received)[0]?.field).toBe('id');
  });
});
