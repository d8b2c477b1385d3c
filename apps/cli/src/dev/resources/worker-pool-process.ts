// A process of `levitate dev --resources`: a pool of worker threads whose tasks wait, as those that
// read disks do, served to the controller over gRPC.
import { WorkerPoolResource } from '@levitate/resource-adapters/pools';
import { runWorkerLoad, sleepingPool } from '@levitate/resource-adapters/pools/lab';
import { serveResources } from '@levitate/resource-sdk/grpc';
import { runSystem } from './run-system.ts';
import { workerPool } from './shown-resources.ts';

const { name, min, max, originalThreads, taskMs } = workerPool;

await runSystem(workerPool.load, async ({ port }) => {
  const pool = sleepingPool({ size: originalThreads });
  const resource = new WorkerPoolResource({ pool, name, min, max });
  const resources = [Object.assign(resource, { kind: 'thread-pool' as const })];
  const server = await serveResources({ listen: `127.0.0.1:${port}`, resources });
  return {
    system: `worker threads of Node ${process.versions.node}`,
    size: () => pool.size,
    play: ({ arrivals, signal }) =>
      runWorkerLoad({ pool, arrivals: arrivals(), serviceMs: taskMs, signal }),
    async stop() {
      await server.stop();
      await pool.close();
    },
  };
});
