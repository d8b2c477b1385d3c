import { nextFreePort } from '../free-port.ts';
import type { ServiceAddresses } from '../services.ts';
import { serviceNames, services } from '../services.ts';

/** A port that somebody has, and the one taken instead. */
export interface MovedPort {
  readonly service: string;
  readonly wanted: number;
  readonly taken: number;
}

/** Ops HTTP of a gRPC service is this far above it. */
const opsOffset = 100;

/**
 * An address of 127.0.0.1 for every service and its operations: the default port, or the next one
 * that is free.
 *
 * @param shift added to every default port.
 */
export async function chooseAddresses(
  shift = 0,
): Promise<{ addresses: ServiceAddresses; ops: ServiceAddresses; moved: MovedPort[] }> {
  const taken = new Set<number>();
  const moved: MovedPort[] = [];
  const take = async (service: string, wanted: number): Promise<string> => {
    const port = await nextFreePort(wanted, taken);
    taken.add(port);
    if (port !== wanted) moved.push({ service, wanted, taken: port });
    return `127.0.0.1:${port}`;
  };
  const addresses: Partial<ServiceAddresses> = {};
  const ops: Partial<ServiceAddresses> = {};
  for (const name of [...serviceNames].sort((a, b) => services[a].port - services[b].port)) {
    addresses[name] = await take(name, services[name].port + shift);
  }
  for (const name of serviceNames) {
    const wanted = services[name].port + shift + opsOffset;
    // The dashboard serves its operations on its own port.
    ops[name] = name === 'dashboard' ? addresses[name] : await take(`${name} (ops)`, wanted);
  }
  return { addresses: addresses as ServiceAddresses, ops: ops as ServiceAddresses, moved };
}
