import { expect, it } from 'vitest';
import type { ActuatedLink, Actuator, Finding } from './actuator.ts';
import { ActuatorChain } from './actuator-chain.ts';
import { SimulatedActuator } from './simulated-actuator.ts';
import type { ActuatorKind } from './target.ts';

const link = (name: string, actuators: ActuatorKind[] = ['qdisc', 'sysctl']): ActuatedLink => {
  return { name, interface: name, actuators, packetBytes: 1_514, socketDirection: 'both' };
};

/** Answers as told, and keeps what it was asked. */
function scripted(kind: ActuatorKind, answers: Record<string, Finding>) {
  const asked: string[][] = [];
  const actuator: Actuator = {
    kind,
    find: (links) => {
      asked.push(links.map(({ name }) => name));
      return links.map(
        ({ name }) => answers[name] ?? { kind: 'unavailable', reason: `no ${name}` },
      );
    },
    set: (_target, limitBytes) => ({ previousLimitBytes: 1, limitBytes }),
    restore: () => 'restored',
  };
  return { actuator, asked };
}

function found(kind: 'qdisc' | 'sysctl', label: string): Finding {
  const identity = { bootId: kind, netnsInode: 0, interface: label, ifindex: 1, handle: 1 };
  const target = { actuator: 'simulated', identity: { ...identity, parent: 1, kind } } as const;
  return { kind: 'found', parts: [{ target, size: 1 }], label };
}

function open(links: ActuatedLink[]) {
  const qdisc = scripted('qdisc', {
    a: found('qdisc', 'tbf of a'),
    gone: { kind: 'absent', reason: 'no interface gone' },
  });
  const sysctl = scripted('sysctl', { b: found('sysctl', 'wmem'), a: found('sysctl', 'wmem') });
  const actuators = [qdisc.actuator, sysctl.actuator, new SimulatedActuator()];
  return { chain: new ActuatorChain(links, actuators), qdisc, sysctl };
}

it('what cannot be driven falls to the next with its reason, and ends simulated', () => {
  const { chain } = open([link('a'), link('b'), link('c')]);
  const told = chain
    .find()
    .map(({ actuation, unavailable }) => [
      actuation?.kind,
      unavailable.map(({ kind, reason }) => `${kind}: ${reason}`),
    ]);
  expect(told).toEqual([
    ['qdisc', []],
    ['sysctl', ['qdisc: no b']],
    ['simulated', ['qdisc: no c', 'sysctl: no c']],
  ]);
});

it('the order is that of the link, and what it does not name is not asked', () => {
  const { chain, sysctl } = open([link('a', ['sysctl', 'qdisc']), link('b', [])]);
  expect(chain.find().map(({ actuation }) => actuation?.kind)).toEqual(['sysctl', 'simulated']);
  expect(sysctl.asked).toEqual([['a']]);
});

it('an actuator is asked once for all links that come to it', () => {
  const { chain, qdisc, sysctl } = open(['a', 'b', 'c', 'd'].map((name) => link(name)));
  chain.find();
  expect(qdisc.asked).toEqual([['a', 'b', 'c', 'd']]);
  expect(sysctl.asked).toEqual([['b', 'c', 'd']]);
});

it('a link that is not there falls to nothing: it is not driven elsewhere behind its back', () => {
  const { chain } = open([link('gone')]);
  expect(chain.find()).toEqual([
    { actuation: undefined, reason: 'no interface gone', isAbsent: true, unavailable: [] },
  ]);
});

it('what is pinned to an actuator does not fall to another', () => {
  const { chain } = open([link('a'), link('c')]);
  const [a, c] = chain.find(
    ['a', 'c'],
    new Map([
      ['a', 'sysctl'],
      ['c', 'qdisc'],
    ] as const),
  );
  expect(a?.actuation?.kind).toBe('sysctl');
  expect(c).toMatchObject({ actuation: undefined, reason: 'qdisc: no c', isAbsent: false });
});

it('the simulated end answers like the real ones and keeps what it is told', () => {
  const { chain } = open([link('c', [])]);
  const target = () => {
    const part = chain.find()[0]?.actuation?.parts[0];
    if (part === undefined) throw new Error('not found');
    return part;
  };
  expect(chain.set(target().target, 600_000)).toEqual({
    previousLimitBytes: 524_288,
    limitBytes: 600_000,
  });
  expect(target().size).toBe(600_000);
  expect(chain.restore(target().target, 524_288)).toBe('restored');
  expect(target().size).toBe(524_288);
});
