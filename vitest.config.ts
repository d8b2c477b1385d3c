import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

// A short list for the test that makes a fresh clone run its own tests (tools/bootstrap).
const smoke = ['{libs/clock,libs/series,apps/telemetry,tools/bootstrap}/src/**/*.test.ts'];
const isSmoke = process.env.LEVITATE_TEST_SMOKE === '1';
const every = isSmoke ? smoke : ['{apps,libs,tools}/**/*.test.ts'];
const real = ['**/*.real.test.ts'];

export default defineConfig({
  test: {
    setupFiles: ['./tools/testing/src/seed-properties.ts'],
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
        // The kernel, a browser, Redis, whole processes: one file at a time, after the others.
        extends: true,
        test: {
          name: 'real',
          include: isSmoke ? [] : real.map((each) => `{apps,libs,tools}/${each}`),
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
