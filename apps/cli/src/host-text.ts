import { type ebpfAgent, enumWord, type LinkActuator, linkActuator } from '@levitate/contracts';
import { printable } from './printable.ts';
import { programLines } from './program-text.ts';
import { renderTable } from './table.ts';

/** What the agent says of its host, as `levitate status -o json` prints it. */
export interface HostStatus {
  readonly kernel: 'real' | 'simulated' | 'unspecified';
  /** Why it is simulated; empty when it is real. */
  readonly simulatedReason: string;
  /** What the host does not allow, each with its fix. */
  readonly missing: readonly ebpfAgent.Capability[];
  readonly links: readonly HostLink[];
  /** Programs in the kernel with what they counted; left out by an agent that knows of none. */
  readonly programs?: ebpfAgent.ListProgramsResponse | undefined;
}

/** One link of the host with what drives it. */
export interface HostLink {
  readonly link: string;
  readonly interface: string;
  readonly limitBytes: number;
  readonly originalLimitBytes: number;
  /** Empty where nobody holds the lease. */
  readonly leaseHolder: string;
  readonly actuator: LinkActuator;
}

/** The agent's answers as one. */
export function hostStatus(
  capabilities: ebpfAgent.GetCapabilitiesResponse,
  { links }: ebpfAgent.ListLinksResponse,
  programs?: ebpfAgent.ListProgramsResponse,
): HostStatus {
  return {
    programs,
    kernel: enumWord(capabilities.kernel) as HostStatus['kernel'],
    simulatedReason: capabilities.simulatedReason,
    missing: capabilities.capabilities.filter(({ present }) => !present),
    links: links.map((link) => ({
      link: link.link,
      interface: link.interface,
      limitBytes: link.limitBytes,
      originalLimitBytes: link.originalLimitBytes,
      leaseHolder: link.leaseHolder,
      actuator: linkActuator(link),
    })),
  };
}

/** The same for a person: the kernel, each link with its actuator, and why it is not an earlier. */
export function hostLines(host: HostStatus): string[] {
  const { kernel, simulatedReason, missing, links, programs } = host;
  const why = simulatedReason === '' ? '' : ` (${printable(simulatedReason)})`;
  const rows = links.map(({ link, actuator, limitBytes, originalLimitBytes, leaseHolder }) => [
    printable(link),
    actuator.kind,
    printable(actuator.target),
    Math.round(limitBytes),
    Math.round(originalLimitBytes),
    printable(leaseHolder),
  ]);
  const heads = ['LINK', 'ACTUATOR', 'WHERE', 'LIMIT BYTES', 'ORIGINAL', 'LEASE'];
  return [
    `kernel: ${kernel}${why}`,
    ...(missing.length === 0
      ? []
      : [`missing: ${missing.map(({ name }) => name).join(', ')} (levitate check has the fixes)`]),
    ...(links.length === 0 ? ['no links'] : ['', renderTable(heads, rows)]),
    ...links.flatMap(({ link, actuator }) => whyNot(printable(link), actuator)),
    ...(programs === undefined ? [] : ['', ...programLines(programs)]),
  ];
}

function whyNot(link: string, { reason, unavailable }: LinkActuator): string[] {
  return [
    ...unavailable.map((each) => `${link}: not by ${each.kind}: ${printable(each.reason)}`),
    ...(reason === '' ? [] : [`${link}: by nothing: ${printable(reason)}`]),
  ];
}
