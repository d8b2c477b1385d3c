import { expect, it } from 'vitest';
import type { ServerState } from './read-answers.ts';
import { RotationInForce } from './rotation-in-force.ts';

const servers = (weights: Record<string, number>): ServerState[] =>
  Object.entries(weights).map(([name, weight]) => ({
    name,
    weight,
    nominalWeight: 20,
    isUp: true,
    isHeld: false,
    isBackup: false,
  }));

const start = () => new RotationInForce({ perWeight: 10, handOffMs: 1_000 });

it('is the sum of the weights until a capacity is asked for, and that while all stands', () => {
  const rotation = start();
  expect(rotation.size(servers({ a: 20, b: 7 }))).toBe(270);
  rotation.ask(
    150,
    new Map([
      ['a', 20],
      ['b', 0],
    ]),
  );
  expect(rotation.size(servers({ a: 20, b: 7 }))).toBe(270);
  expect(rotation.size(servers({ a: 20, b: 0 }))).toBe(150);
  expect(rotation.size(servers({ a: 20, b: 0, added: 5 }))).toBe(150);
  rotation.forget();
  expect(rotation.size(servers({ a: 20, b: 0 }))).toBe(200);
});

it('a weight that stood as set and then is another was set by hand, for a while', () => {
  const rotation = start();
  rotation.ask(
    200,
    new Map([
      ['a', 20],
      ['b', 0],
    ]),
  );
  // Not yet as set: the command is on its way, or was ignored; nobody's hand.
  rotation.look(0, servers({ a: 20, b: 20 }));
  expect(rotation.isSetByHand('b', 0)).toBe(false);
  rotation.look(100, servers({ a: 20, b: 0 }));
  rotation.look(200, servers({ a: 3, b: 0 }));
  rotation.look(900, servers({ a: 3, b: 0 }));
  expect([rotation.isSetByHand('a', 1_100), rotation.isSetByHand('b', 1_100)]).toEqual([
    true,
    false,
  ]);
  expect(rotation.isSetByHand('a', 1_200)).toBe(false);
});
