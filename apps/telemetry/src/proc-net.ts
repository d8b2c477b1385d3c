/** Counters of one interface, one direction, as `/proc/net/dev` has them. */
export interface InterfaceCounters {
  bytes: bigint;
  packets: bigint;
  dropped: bigint;
}

/** Which way through the interface: what leaves the host, or what reaches it. */
export type Direction = 'transmit' | 'receive';

/**
 * `/proc/net/dev`: two header lines, then `name: ` and 16 counters, receive first (proc(5)).
 *
 * @param wanted interfaces to read; of a host with thousands the others cost next to nothing
 * @returns by interface; a line that does not read as such is left out.
 */
export function parseNetDev(
  text: string,
  { direction, wanted }: { direction: Direction; wanted: ReadonlySet<string> },
): Map<string, InterfaceCounters> {
  const interfaces = new Map<string, InterfaceCounters>();
  if (wanted.size === 0) return interfaces;
  for (const line of text.split('\n')) {
    const colon = line.lastIndexOf(':');
    if (colon < 0 || !wanted.has(line.slice(0, colon).trim())) continue;
    const counters = line.slice(colon + 1).match(/\d+/g) ?? [];
    if (counters.length < 16) continue;
    const first = direction === 'receive' ? 0 : 8;
    const [bytes = '0', packets = '0', , dropped = '0'] = counters.slice(first);
    interfaces.set(line.slice(0, colon).trim(), {
      bytes: BigInt(bytes),
      packets: BigInt(packets),
      dropped: BigInt(dropped),
    });
  }
  return interfaces;
}

/**
 * Connections the host has opened and accepted since it started: `ActiveOpens` + `PassiveOpens` of
 * the `Tcp:` lines of `/proc/net/snmp` (RFC 4022). `undefined` where the file does not say.
 */
export function parseTcpOpens(text: string): bigint | undefined {
  const [names, values] = text
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(/\s+/));
  const active = values?.[names?.indexOf('ActiveOpens') ?? -1];
  const passive = values?.[names?.indexOf('PassiveOpens') ?? -1];
  if (active === undefined || passive === undefined) return undefined;
  if (!/^\d+$/.test(active) || !/^\d+$/.test(passive)) return undefined;
  return BigInt(active) + BigInt(passive);
}

/**
 * What a counter grew by. A counter that fell either wrapped (32 bit ones of old drivers do within
 * seconds) or was reset with its interface: a growth under half the range after the wrap is taken
 * for a wrap, anything else is a reset, and then nobody knows.
 */
export function counterGrowth(counter: { previous: bigint; current: bigint }): number | undefined {
  const { previous, current } = counter;
  if (current >= previous) return Number(current - previous);
  const range = previous < range32 ? range32 : range64;
  const wrapped = current + range - previous;
  return wrapped < range / 2n ? Number(wrapped) : undefined;
}

const range32 = 1n << 32n;
const range64 = 1n << 64n;
