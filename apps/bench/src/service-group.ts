import { ServiceProcess, type ServiceRequest } from './service-process.ts';

/** Services that run side by side. */
export interface ServiceGroup {
  processes: readonly ServiceProcess[];
  /** End them, the last one first: controllers give their leases up before their agent ends. */
  stop(): Promise<void>;
}

/**
 * Start services, all at once: each waits for the others by itself, as it would on hosts of its
 * own. Where one fails none is left.
 */
export async function startServices(
  requests: readonly Omit<ServiceRequest, 'directory'>[],
  { directory, signal }: { directory: string; signal: AbortSignal },
): Promise<ServiceGroup> {
  const starting = requests.map((each) => ServiceProcess.start({ ...each, directory }, signal));
  const started = await Promise.allSettled(starting);
  const processes = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const stop = async () => {
    for (const process of processes.toReversed()) await process.stop();
  };
  const failed = started.find((each) => each.status === 'rejected');
  if (failed === undefined) return { processes, stop };
  await stop();
  throw failed.reason;
}
