import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import LongFirst from './tools/checks/src/long-first.ts';

// A short list for the test that makes a fresh clone run its own tests (tools/bootstrap).
const smoke = ['{libs/clock,libs/series,apps/telemetry,tools/bootstrap}/src/**/*.test.ts'];
const isSmoke = process.env.LEVITATE_TEST_SMOKE === '1';
const every = isSmoke ? smoke : ['{apps,libs,tools}/**/*.test.ts'];
const real = ['**/*.real.test.ts'];
/**
 * Real tests that mostly wait, with a world of their own (folders, sockets, ports, namespaces), and
 * judge no speed: two files at a time. Any other has the machine to itself.
 */
const realInPairs = [
  'apps/ebpf-agent/src/agent-crash.real.test.ts',
  'apps/fsu-controller/src/leases/*.real.test.ts',
  'apps/predictor/src/redis-windows.real.test.ts',
  'apps/telemetry/src/*.real.test.ts',
  'libs/feature-windows/src/*.real.test.ts',
  'libs/resource-sdk/{packaging,src/grpc}/*.real.test.ts',
];

export default defineConfig({
  test: {
    setupFiles: ['./tools/testing/src/seed-properties.ts'],
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: every,
          exclude: [...configDefaults.exclude, ...real],
          // One worker alone would put these behind the slow ones, and leave a processor idle.
          maxWorkers: Math.max(2, availableParallelism()),
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'real-pairs',
          include: isSmoke ? [] : realInPairs,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // The kernel, a browser, Redis, whole processes: one file at a time, after the others.
        extends: true,
        test: {
          name: 'real',
          include: isSmoke ? [] : real.map((each) => `{apps,libs,tools}/${each}`),
          exclude: [...configDefaults.exclude, ...realInPairs],
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
