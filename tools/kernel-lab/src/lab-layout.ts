import { LabError } from './lab-error.ts';

/** One way through the lab: a flow's packets, the queue they meet and the rate it drains at. */
export interface LaneSpec {
  /** Name of the lane, unique within the lab; it becomes the link's name. */
  name: string;
  /** Rate of the bottleneck, bits/s, as the token bucket counts it (Ethernet header included). */
  drainBitsPerSecond: number;
  /** Limit of the bottleneck's queue at the start, bytes. */
  limitBytes: number;
}

/** Where one lane's packets start and end. */
export interface LaneAddresses {
  /** Position of the lane within its lab. */
  index: number;
  name: string;
  drainBitsPerSecond: number;
  limitBytes: number;
  /** Interfaces along the way, in the order a packet meets them. */
  interfaces: { source: string; ingress: string; bottleneck: string; destination: string };
  /** Source of every packet. */
  sourceAddress: string;
  /** Answers: probes and TCP flows go here. */
  destinationAddress: string;
  /** Nobody's: packets to it cross the queue and are dropped at the door of the destination. */
  sinkAddress: string;
}

/** Everything about a lab that follows from its id and its lanes alone. */
export interface LabLayout {
  id: string;
  namespaces: { source: string; router: string; destination: string };
  lanes: readonly LaneAddresses[];
}

/** Most lanes one lab may have: three of its address blocks fill 10.x/16 in steps of eight. */
export const LANES_MAX = 250;

const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,31}$/;
const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$/;

/**
 * Lay a lab out: names of namespaces and interfaces, and addresses. Pure; the same request gives
 * the same layout.
 *
 * @throws LabError `invalid-lab` naming the field, what was given and what is allowed
 */
export function layOutLab(request: { id: string; lanes: readonly LaneSpec[] }): LabLayout {
  const { id, lanes } = request;
  if (!ID_PATTERN.test(id)) {
    throw new LabError('invalid-lab', `lab id "${id}" is not of the form ${ID_PATTERN.source}`);
  }
  if (lanes.length < 1 || lanes.length > LANES_MAX) {
    throw new LabError('invalid-lab', `a lab has 1 to ${LANES_MAX} lanes, asked: ${lanes.length}`);
  }
  const seen = new Set<string>();
  for (const lane of lanes) checkLane(lane, seen);
  return {
    id,
    namespaces: {
      source: `lev-${id}-src`,
      router: `lev-${id}-router`,
      destination: `lev-${id}-dst`,
    },
    lanes: lanes.map(addressesOf),
  };
}

/**
 * The commands that build a laid-out lab, for `ip -batch` and `tc -batch`: links are made from the
 * namespace of the caller, the rest from inside the namespace named.
 */
export function buildCommands(layout: LabLayout): {
  links: string[];
  source: string[];
  router: string[];
  destination: string[];
  qdiscs: string[];
} {
  const { namespaces, lanes } = layout;
  return {
    links: lanes.flatMap(({ index, interfaces: i }) => [
      `link add ${i.source} netns ${namespaces.source} address ${mac(1, index)} type veth ` +
        `peer name ${i.ingress} netns ${namespaces.router} address ${mac(2, index)}`,
      `link add ${i.bottleneck} netns ${namespaces.router} address ${mac(3, index)} type veth ` +
        `peer name ${i.destination} netns ${namespaces.destination} address ${mac(4, index)}`,
    ]),
    source: ['link set lo up', ...lanes.flatMap(sourceCommands)],
    router: ['link set lo up', ...lanes.flatMap(routerCommands)],
    destination: ['link set lo up', ...lanes.flatMap(destinationCommands)],
    qdiscs: lanes.map(
      ({ interfaces, drainBitsPerSecond, limitBytes }) =>
        `qdisc add dev ${interfaces.bottleneck} root handle 1: tbf ` +
        `rate ${Math.round(drainBitsPerSecond)}bit burst 16k limit ${Math.round(limitBytes)}`,
    ),
  };
}

function checkLane(lane: LaneSpec, seen: Set<string>): void {
  if (!NAME_PATTERN.test(lane.name)) {
    throw new LabError(
      'invalid-lab',
      `lane name "${lane.name}" is not of the form ${NAME_PATTERN.source}`,
    );
  }
  if (seen.has(lane.name)) throw new LabError('invalid-lab', `two lanes are named "${lane.name}"`);
  seen.add(lane.name);
  if (!(lane.drainBitsPerSecond >= 1e5 && lane.drainBitsPerSecond <= 1e10)) {
    throw new LabError(
      'invalid-lab',
      `lane "${lane.name}" drains ${lane.drainBitsPerSecond} bits/s, allowed: 1e5 to 1e10`,
    );
  }
  if (!(lane.limitBytes >= 1_600 && lane.limitBytes <= 0xffff_ffff)) {
    throw new LabError(
      'invalid-lab',
      `lane "${lane.name}" has a limit of ${lane.limitBytes} bytes, allowed: 1,600 to 2^32-1`,
    );
  }
}

function addressesOf(lane: LaneSpec, index: number): LaneAddresses {
  return {
    index,
    name: lane.name,
    drainBitsPerSecond: lane.drainBitsPerSecond,
    limitBytes: lane.limitBytes,
    interfaces: {
      source: `src${index}`,
      ingress: `in${index}`,
      bottleneck: `out${index}`,
      destination: `dst${index}`,
    },
    sourceAddress: address(10, index, 2),
    destinationAddress: address(20, index, 2),
    sinkAddress: address(20, index, 3),
  };
}

function sourceCommands({ index, interfaces }: LaneAddresses): string[] {
  const dev = interfaces.source;
  const gateway = address(10, index, 1);
  return [
    `address add ${address(10, index, 2)}/29 dev ${dev}`,
    `link set ${dev} up`,
    `neigh replace ${gateway} lladdr ${mac(2, index)} dev ${dev} nud permanent`,
    `route add ${address(20, index, 0)}/29 via ${gateway} dev ${dev}`,
  ];
}

/**
 * The sink's neighbour entry names a hardware address that nobody has: the destination sees a
 * frame meant for another host and lets go of it before routing, sockets or ICMP (the cheapest
 * place there is).
 */
function routerCommands({ index, interfaces }: LaneAddresses): string[] {
  return [
    `address add ${address(10, index, 1)}/29 dev ${interfaces.ingress}`,
    `address add ${address(20, index, 1)}/29 dev ${interfaces.bottleneck}`,
    `link set ${interfaces.ingress} up`,
    `link set ${interfaces.bottleneck} up`,
    ...[
      [address(10, index, 2), mac(1, index), interfaces.ingress],
      [address(20, index, 2), mac(4, index), interfaces.bottleneck],
      [address(20, index, 3), mac(5, index), interfaces.bottleneck],
    ].map(([ip, lladdr, dev]) => `neigh replace ${ip} lladdr ${lladdr} dev ${dev} nud permanent`),
  ];
}

function destinationCommands({ index, interfaces }: LaneAddresses): string[] {
  const dev = interfaces.destination;
  const gateway = address(20, index, 1);
  return [
    `address add ${address(20, index, 2)}/29 dev ${dev}`,
    `link set ${dev} up`,
    `neigh replace ${gateway} lladdr ${mac(3, index)} dev ${dev} nud permanent`,
    `route add ${address(10, index, 0)}/29 via ${gateway} dev ${dev}`,
  ];
}

/** Address `host` of the /29 of one lane on one side (10.10 before the router, 10.20 behind). */
function address(side: 10 | 20, index: number, host: number): string {
  const offset = index * 8 + host;
  return `10.${side}.${offset >> 8}.${offset & 255}`;
}

function mac(role: number, index: number): string {
  const [hi, lo] = [index >> 8, index & 255].map((n) => n.toString(16).padStart(2, '0'));
  return `02:00:00:0${role}:${hi}:${lo}`;
}
