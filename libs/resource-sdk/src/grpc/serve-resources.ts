import { type GrpcLogger, startGrpcServer, type TlsFiles } from '@levitate/grpc-kit';
import { StateDirectory } from '@levitate/service-kit';
import { OriginalsOnDisk } from '../original-store.ts';
import { LeasesOnDisk } from './lease-records.ts';
import { ResourceHost, type ResourceHostOptions } from './resource-host.ts';
import { resourceRpcs } from './resource-rpcs.ts';

/** @see serveResources */
export interface ServeResourcesOptions extends ResourceHostOptions {
  /** `host:port`; port 0 takes a free one. */
  listen: string;
  /**
   * Folder, made if need be, of what must survive this process: originals and leases. For resources
   * that outlive it; left out, both are in memory.
   */
  stateDirectory?: string | undefined;
  /** Mutual TLS 1.3; without it everything is plaintext, which the logger is warned of. */
  tls?: TlsFiles | undefined;
  logger?: GrpcLogger | undefined;
  /** Serve `grpc.reflection.v1`; default false. */
  reflection?: boolean | undefined;
}

/** Resources that are served. */
export interface ResourceServer {
  /** `host:port` with the actual port. */
  readonly address: string;
  /** Put every original back, then end. @param deadlineMs for calls in progress; default 1,000 */
  stop(deadlineMs?: number): Promise<void>;
}

/**
 * Serve resources to whoever holds their leases.
 * @throws StateDirectoryError, ListenError, TlsFileError, ResourceRefusal, TypeError
 */
export async function serveResources(options: ServeResourcesOptions): Promise<ResourceServer> {
  const { stateDirectory, listen, tls, logger, reflection } = options;
  const directory =
    stateDirectory === undefined ? undefined : await StateDirectory.open(stateDirectory);
  let host: ResourceHost | undefined;
  try {
    const originals = directory && new OriginalsOnDisk(directory);
    const leases = directory && new LeasesOnDisk(directory);
    host = await ResourceHost.open({
      ...options,
      originals: options.originals ?? originals,
      leases: options.leases ?? leases,
    });
    const services = [resourceRpcs(host)];
    const server = await startGrpcServer({ listen, services, tls, logger, reflection });
    const running = host.start();
    return {
      address: server.address,
      async stop(deadlineMs = 1_000) {
        await running.stop();
        await server.drain(deadlineMs);
        await directory?.close();
      },
    };
  } catch (error) {
    await host?.stop();
    await directory?.close();
    throw error;
  }
}
