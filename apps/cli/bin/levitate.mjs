#!/usr/bin/env node
// `npx levitate`: finds Node 24 and runs the command there. Plain JavaScript, as Node 20 reads it.
import { fileURLToPath } from 'node:url';
import { findNode24, runForeground, withNode24First } from '@levitate/bootstrap';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const node = findNode24({ root });
if (node === undefined) {
  console.error('levitate: no Node 24 here; run `npm ci`, or install Node 24');
  process.exitCode = 2;
} else {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  process.exitCode = await runForeground({
    node,
    args: [main, ...process.argv.slice(2)],
    env: withNode24First(process.env, node),
  });
}
