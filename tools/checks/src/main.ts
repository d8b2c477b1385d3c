import { fileURLToPath } from 'node:url';
import { runChecks } from './run-checks.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => stop.abort(signal));
}

process.exitCode = await runChecks({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  env: process.env,
  vitestArgs: process.argv.slice(2),
  isSmoke: process.env.LEVITATE_TEST_SMOKE === '1',
  say: (line) => console.log(line),
  signal: stop.signal,
});
