import { fileURLToPath } from 'node:url';
import { runCli } from './cli.ts';

const stop = new AbortController();
let signals = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    signals += 1;
    // The second one means it: whatever is left is cleaned up by the next start.
    if (signals > 1) process.exit(130);
    stop.abort(signal);
  });
}
// A reader that closed the pipe (`levitate fsu log | head`) has what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  stdout: process.stdout,
  openKeys: () => process.stdin,
  signal: stop.signal,
});
