import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

// A setup file of vitest: gives the property tests of a file their seed. It costs a file without
// properties nothing, because fast-check is loaded only where the file itself imports it.

const { testPath } = expect.getState();
if (testPath !== undefined && readFileSync(testPath, 'utf8').includes("from 'fast-check'")) {
  const [{ default: fc }, { propertySettings }] = await Promise.all([
    import('fast-check'),
    import('./property-settings.ts'),
  ]);
  fc.configureGlobal(propertySettings(process.env));
}
