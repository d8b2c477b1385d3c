import { connectHealth, RpcError } from '@levitate/grpc-kit';
import { Command } from 'commander';
import { exitCodes, type SetExitCode } from '../exit-codes.ts';
import { type OutputFormat, withOutput } from '../output-format.ts';
import { type ReachOptions, resolveAddresses, tlsOf, withReach } from '../service-addresses.ts';
import { shortReason } from '../service-failure.ts';
import { type ServiceAddresses, type ServiceName, serviceNames, services } from '../services.ts';
import type { Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';

const deadlineMs = 2_000;

/** What one service says of itself. */
interface ServiceState {
  readonly service: ServiceName;
  readonly address: string;
  readonly state: 'serving' | 'not serving' | 'unreachable';
  readonly detail?: string;
}

/** `levitate status`: asks every service for its health. */
export function statusCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('status')
    .description('ask every service for its health; exit 0 when all serve, 3 when one is away')
    .addHelpText('before', 'Example:\n  levitate status\n');
  return withReach(withOutput(command)).action(
    async (options: ReachOptions & { output: OutputFormat }) => {
      const addresses = await resolveAddresses(options, surroundings);
      const states = await Promise.all(
        serviceNames.map((service) => stateOf(service, addresses, options)),
      );
      if (options.output === 'json') {
        surroundings.print(JSON.stringify({ services: states }));
      } else {
        const rows = states.map(({ service, address, state, detail }) => [
          service,
          address,
          state,
          detail,
        ]);
        surroundings.print(renderTable(['SERVICE', 'ADDRESS', 'STATE', 'DETAIL'], rows));
      }
      if (states.some(({ state }) => state === 'unreachable')) setExitCode(exitCodes.unreachable);
      else if (states.some(({ state }) => state !== 'serving')) setExitCode(exitCodes.failed);
    },
  );
}

function stateOf(
  service: ServiceName,
  addresses: ServiceAddresses,
  options: ReachOptions,
): Promise<ServiceState> {
  const address = addresses[service];
  const { fullName } = services[service];
  return fullName === undefined
    ? overHttp(service, address)
    : overGrpc({ service, address }, options);
}

async function overGrpc(
  at: { service: ServiceName; address: string },
  options: ReachOptions,
): Promise<ServiceState> {
  const client = connectHealth({ address: at.address, tls: tlsOf(options), deadlineMs });
  try {
    const status = await client.check();
    if (status === 'SERVING') return { ...at, state: 'serving' };
    return { ...at, state: 'not serving', detail: status };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { ...at, state: 'unreachable', detail: shortReason(error) };
  } finally {
    client.close();
  }
}

async function overHttp(service: ServiceName, address: string): Promise<ServiceState> {
  try {
    const answer = await fetch(`http://${address}/readyz`, {
      signal: AbortSignal.timeout(deadlineMs),
    });
    await answer.arrayBuffer();
    if (answer.ok) return { service, address, state: 'serving' };
    return { service, address, state: 'not serving', detail: `HTTP ${answer.status}` };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const detail = cause instanceof Error ? cause.message : String(cause);
    return { service, address, state: 'unreachable', detail };
  }
}
