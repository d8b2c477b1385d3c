import { existsSync, writeFileSync } from 'node:fs';
import { namespacePath, withNamespace } from '@levitate/kernel';
import { runTool } from './batch.ts';
import { LabError } from './lab-error.ts';
import { buildCommands, type LabLayout, type LaneSpec, layOutLab } from './lab-layout.ts';
import {
  isOwnerAlive,
  LAB_RECORDS_DIRECTORY,
  type LabRecord,
  readLabRecords,
  removeLabRecord,
  startTicksOf,
  writeLabRecord,
} from './lab-registry.ts';
import { stopMergingPackets } from './segmentation.ts';

/** The bottleneck of one lane, as an agent needs it to measure and drive it. */
export interface LabLink {
  /** Name of the lane. */
  link: string;
  /** Path of the router's namespace, e.g. `/run/netns/lev-demo-router`. */
  netns: string;
  /** Interface whose root qdisc is the bottleneck. */
  interface: string;
  /** Interface at which the packets of the lane come in. */
  ingress: string;
}

/** A standing lab. */
export interface KernelLab {
  readonly layout: LabLayout;
  /** Bottlenecks of all lanes, in one namespace, so that one dump reads them all. */
  readonly links: readonly LabLink[];
  /** Remove the namespaces and everything in them; safe to call twice. */
  close(): Promise<void>;
}

/** What a lab is made of. */
export interface LabRequest {
  /** Part of the namespaces' names; lower-case letters, digits and dashes, at most 32. */
  id: string;
  /** 1 to 250 lanes. */
  lanes: readonly LaneSpec[];
  /** Folder of the records of labs; default `/run/levitate/labs`. */
  recordsDirectory?: string | undefined;
}

/**
 * Build three namespaces, source - router - destination, and per lane a veth pair on either side
 * of the router, whose egress is a token bucket over a byte-limited FIFO: a real bottleneck with
 * the kernel's own drop counters. Needs root and `ip` and `tc`.
 *
 * The lab is written down before its first namespace is made, so that `removeStaleLabs` of a later
 * start finds it should this process be killed.
 *
 * @throws LabError `invalid-lab`, `lab-exists`, `not-permitted`, `tool-missing`, `command-failed`;
 *   whatever was made until then is removed again
 */
export async function createLab(request: LabRequest): Promise<KernelLab> {
  const directory = request.recordsDirectory ?? LAB_RECORDS_DIRECTORY;
  const layout = layOutLab(request);
  if (process.getuid?.() !== 0) {
    throw new LabError('not-permitted', 'a kernel lab makes network namespaces: run it as root');
  }
  await makeRoomFor(layout, directory);
  writeLabRecord(directory, recordOf(layout));
  try {
    await build(layout);
  } catch (cause) {
    await removeNamespaces(Object.values(layout.namespaces));
    removeLabRecord(directory, layout.id);
    throw cause;
  }
  let closing: Promise<void> | undefined;
  return {
    layout,
    links: layout.lanes.map(({ name, interfaces }) => ({
      link: name,
      netns: namespacePath(layout.namespaces.router),
      interface: interfaces.bottleneck,
      ingress: interfaces.ingress,
    })),
    close() {
      closing ??= removeNamespaces(Object.values(layout.namespaces)).then(() =>
        removeLabRecord(directory, layout.id),
      );
      return closing;
    },
  };
}

/**
 * Remove every lab whose owner is gone (killed, crashed, or an earlier process under the same pid).
 *
 * @returns ids of the labs removed
 */
export async function removeStaleLabs(
  options: { recordsDirectory?: string | undefined } = {},
): Promise<string[]> {
  const directory = options.recordsDirectory ?? LAB_RECORDS_DIRECTORY;
  const stale = readLabRecords(directory).filter((record) => !isOwnerAlive(record));
  for (const record of stale) {
    await removeNamespaces(record.namespaces);
    removeLabRecord(directory, record.id);
  }
  return stale.map((record) => record.id);
}

async function makeRoomFor(layout: LabLayout, directory: string): Promise<void> {
  const known = readLabRecords(directory).find((record) => record.id === layout.id);
  if (known !== undefined && isOwnerAlive(known)) {
    throw new LabError(
      'lab-exists',
      `lab "${layout.id}" belongs to process ${known.pid}, which runs; choose another id`,
    );
  }
  if (known !== undefined) await removeNamespaces(known.namespaces);
  const foreign = Object.values(layout.namespaces).find((name) => existsSync(namespacePath(name)));
  if (foreign !== undefined) {
    throw new LabError(
      'lab-exists',
      `namespace "${foreign}" is not a lab's of this host; remove it by: ip netns del ${foreign}`,
    );
  }
}

function recordOf(layout: LabLayout): LabRecord {
  return {
    id: layout.id,
    pid: process.pid,
    startTicks: startTicksOf(process.pid) ?? '',
    namespaces: Object.values(layout.namespaces),
  };
}

async function build(layout: LabLayout): Promise<void> {
  const { namespaces, lanes } = layout;
  const commands = buildCommands(layout);
  await ipBatch(Object.values(namespaces).map((name) => `netns add ${name}`));
  for (const name of Object.values(namespaces)) setNamespaceDefaults(namespacePath(name));
  await ipBatch(commands.links);
  withNamespace(namespacePath(namespaces.source), () =>
    stopMergingPackets(lanes.map((lane) => lane.interfaces.source)),
  );
  withNamespace(namespacePath(namespaces.destination), () =>
    stopMergingPackets(lanes.map((lane) => lane.interfaces.destination)),
  );
  await Promise.all([
    ipBatch(commands.source, namespaces.source),
    ipBatch(commands.destination, namespaces.destination),
    ipBatch(commands.router, namespaces.router).then(() =>
      runTool({
        command: 'tc',
        args: ['-n', namespaces.router, '-batch', '-'],
        lines: commands.qdiscs,
      }),
    ),
  ]);
}

/** Forwarding on; IPv6 (its chatter would be counted), redirects and path checks off. */
function setNamespaceDefaults(path: string): void {
  const settings: [string, string][] = [
    ['net/ipv6/conf/all/disable_ipv6', '1'],
    ['net/ipv6/conf/default/disable_ipv6', '1'],
    ['net/ipv4/ip_forward', '1'],
    ['net/ipv4/conf/all/rp_filter', '0'],
    ['net/ipv4/conf/default/rp_filter', '0'],
    ['net/ipv4/conf/all/send_redirects', '0'],
    ['net/ipv4/conf/default/send_redirects', '0'],
  ];
  withNamespace(path, () => {
    for (const [name, value] of settings) {
      // A kernel without IPv6 has none of its settings, and none of its chatter either.
      if (existsSync(`/proc/sys/${name}`)) writeFileSync(`/proc/sys/${name}`, value);
    }
  });
}

function ipBatch(lines: readonly string[], namespace?: string): Promise<void> {
  const inside = namespace === undefined ? [] : ['-n', namespace];
  return runTool({ command: 'ip', args: [...inside, '-batch', '-'], lines });
}

async function removeNamespaces(names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (!existsSync(namespacePath(name))) continue;
    await runTool({ command: 'ip', args: ['netns', 'del', name] });
  }
}
