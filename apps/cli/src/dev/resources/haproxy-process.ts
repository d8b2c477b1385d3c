// A process of `levitate dev --resources`: an HAProxy before small HTTP servers, and clients.
import { RuntimeApi } from '@levitate/resource-adapters/haproxy';
import { HaproxyLab, playRequests } from '@levitate/resource-adapters/haproxy/lab';
import { haproxyFolder } from './resource-plan.ts';
import { runSystem } from './run-system.ts';
import { loadBalancer } from './shown-resources.ts';

const { servers, serverRequestsPerSecond: ratePerSecond, serverWeight: weight } = loadBalancer;
const serviceMs = 1_000 / ratePerSecond;

await runSystem(loadBalancer.load, async ({ folder }) => {
  const lab = await HaproxyLab.start({
    folder: haproxyFolder(folder),
    servers: Array.from({ length: servers }, () => ({ ratePerSecond, weight })),
    checkEveryMs: 1_000,
  });
  const api = new RuntimeApi(lab.source);
  const { info } = await api.read(lab.backend, AbortSignal.timeout(5_000));
  return {
    system: `HAProxy ${info.version.split('-')[0]} before ${servers} HTTP servers`,
    async size(signal) {
      const state = await api.read(lab.backend, signal);
      const weights = state.servers.reduce((sum, each) => sum + each.weight, 0);
      return (weights / weight) * ratePerSecond;
    },
    play: ({ arrivals, signal }) =>
      playRequests(arrivals(), { frontPath: lab.frontPath, serviceMs, signal }),
    stop: () => lab.stop(),
  };
});
