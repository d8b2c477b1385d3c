import type { RestoreOutcome } from '../kernel.ts';
import { restoreBpfMap } from './bpf-map-actuator.ts';
import { restoreQueue } from './restore-queue.ts';
import { restoreSocketBuffers } from './socket-buffers-actuator.ts';
import { restoreSysctl } from './sysctl-actuator.ts';
import type { Target } from './target.ts';

/**
 * Put one original back with no agent running: what its supervisor, the next start and
 * `--restore-all` do. Simulated queues ended with their agent; so did its BPF maps.
 * @param size in the target's own unit
 * @throws KernelError where the target is the right one and the kernel refuses
 */
export function restoreTarget(target: Target, size: number): RestoreOutcome {
  switch (target.actuator) {
    case 'qdisc':
      return restoreQueue(target.identity, size);
    case 'socket-buffers':
      return restoreSocketBuffers(target);
    case 'sysctl':
      return restoreSysctl(target, size);
    case 'bpf-map':
      return restoreBpfMap(target, undefined);
    case 'simulated':
      return 'gone';
  }
}
