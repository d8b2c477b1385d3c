/** A service for the tests of `runService`: it answers nothing and drains in `drain_ms`. */
import { z } from 'zod';
import { commonConfig, runService } from '../index.ts';

const schema = commonConfig.extend({
  drain_ms: z.number().min(0).max(60_000).default(0).describe('Time a drain takes.'),
  fail: z.enum(['no', 'start', 'later']).default('no').describe('When to fail.'),
  ready: z.boolean().default(true).describe('Whether its component works.'),
});

await runService(
  {
    service: 'tiny',
    description: 'Waits to be stopped.',
    schema,
    async start({ config, readiness, signal }) {
      if (config.fail === 'start') throw new Error('told to fail');
      if (config.fail === 'later') setTimeout(() => Promise.reject(new Error('told to')), 50);
      readiness.set('source', config.ready, 'told not to be ready');
      const keepAlive = setInterval(() => {}, 60_000);
      return {
        async drain() {
          if (!signal.aborted) throw new Error('drained before the signal was aborted');
          await new Promise((resolve) => setTimeout(resolve, config.drain_ms));
          clearInterval(keepAlive);
        },
      };
    },
  },
  { argv: process.argv.slice(2), env: process.env },
);
