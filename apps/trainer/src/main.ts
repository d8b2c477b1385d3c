import { fileURLToPath } from 'node:url';
import { ProgressDisplay } from './progress-display.ts';
import { runTrainer } from './run-trainer.ts';

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupted.abort(new Error(`interrupted by ${name}`)));
}

process.exitCode = await runTrainer(process.argv.slice(2), {
  env: process.env,
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  display: new ProgressDisplay({
    sink: {
      isTerminal: process.stderr.isTTY === true,
      columns: process.stderr.columns ?? 80,
      write: (text) => void process.stderr.write(text),
    },
    nowMs: () => performance.now(),
  }),
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  signal: interrupted.signal,
});
