import { contracts } from '@levitate/contracts';
import { connect, connectHealth, RpcError } from '@levitate/grpc-kit';
import { Command } from 'commander';
import { exitCodes, type SetExitCode } from '../exit-codes.ts';
import { type HostStatus, hostLines, hostStatus } from '../host-text.ts';
import { type OutputFormat, withOutput } from '../output-format.ts';
import { type PathState, pathLines, pathState, pathsShownMax } from '../path-text.ts';
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

/**
 * `levitate status`: asks every service for its health, the agent what drives each link, and
 * telemetry what it knows of paths.
 */
export function statusCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('status')
    .description('every service with its health, every link with what drives it and why that')
    .addHelpText('before', 'Example:\n  levitate status\n')
    .addHelpText('after', '\nExit 0 when every service serves, 3 when one is away, 1 otherwise.');
  return withReach(withOutput(command)).action(
    async (options: ReachOptions & { output: OutputFormat }) => {
      const addresses = await resolveAddresses(options, surroundings);
      const [host, paths, ...states] = await Promise.all([
        hostOf(addresses['ebpf-agent'], options),
        pathsOf(addresses.telemetry, options),
        ...serviceNames.map((service) => stateOf(service, addresses, options)),
      ]);
      if (options.output === 'json') {
        surroundings.print(JSON.stringify({ services: states, host, paths }));
      } else {
        const rows = states.map(({ service, address, state, detail }) => [
          service,
          address,
          state,
          detail,
        ]);
        surroundings.print(renderTable(['SERVICE', 'ADDRESS', 'STATE', 'DETAIL'], rows));
        if (host !== undefined) surroundings.print(['', ...hostLines(host)].join('\n'));
        const lines = pathLines(paths ?? [], Date.now());
        if (lines.length > 0) surroundings.print(['', ...lines].join('\n'));
      }
      if (states.some(({ state }) => state === 'unreachable')) setExitCode(exitCodes.unreachable);
      else if (states.some(({ state }) => state !== 'serving')) setExitCode(exitCodes.failed);
    },
  );
}

/** What the agent says of its host; `undefined` where it does not answer, as its state says. */
async function hostOf(address: string, options: ReachOptions): Promise<HostStatus | undefined> {
  const agent = connect(contracts.ebpfAgent, { address, tls: tlsOf(options), deadlineMs });
  try {
    // An agent of the release before has no programs to list.
    const programs = agent.listPrograms({}).catch((error: unknown) => {
      if (error instanceof RpcError && error.code === 'UNIMPLEMENTED') return undefined;
      throw error;
    });
    const answers = [agent.getCapabilities({}), agent.listLinks({}), programs] as const;
    return hostStatus(...(await Promise.all(answers)));
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return undefined;
  } finally {
    agent.close();
  }
}

/** What telemetry knows of paths; `undefined` where it does not answer, as its state says. */
async function pathsOf(address: string, options: ReachOptions): Promise<PathState[] | undefined> {
  const client = connect(contracts.telemetry, { address, tls: tlsOf(options), deadlineMs });
  try {
    const { paths } = await client.listPaths({});
    const windows = await Promise.all(
      paths.slice(0, pathsShownMax).map(({ path }) => client.getPathWindow({ path })),
    );
    return paths.map((path, index) => pathState(path, windows[index]?.samples.at(-1)));
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return undefined;
  } finally {
    client.close();
  }
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
