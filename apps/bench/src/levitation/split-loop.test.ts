import type { Sample } from '@levitate/series';
import { expect, it } from 'vitest';
import { SplitLoop } from './split-loop.ts';
import { type LimitMove, SplitSet } from './split-set.ts';

/** Asks for the same moves in every tick. */
class ScriptedSet extends SplitSet {
  constructor(link: string, moves: { from: number; falls: number[]; rises: number[] }) {
    const split = {
      startBytes: [moves.from, moves.from],
      step: () => [moves.falls[0] ?? moves.from, moves.rises[0] ?? moves.from],
    };
    super({ links: [`${link}-0`, `${link}-1`], split });
  }
}

function sampleOf(link: string): Sample {
  return { link, timeUnixMs: 1_000, intervalMs: 100, origin: 'kernel' };
}

/** Gives one message of samples, notes the calls, and refuses some links. */
function agentOf(links: readonly string[], refused: readonly string[] = []) {
  const calls: LimitMove[][] = [];
  const told = Promise.withResolvers<void>();
  return {
    calls,
    told: told.promise,
    async *samples(signal: AbortSignal) {
      yield links.map(sampleOf);
      told.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    async setLimits(moves: readonly LimitMove[]) {
      calls.push([...moves]);
      const done = moves.filter(({ link }) => !refused.includes(link));
      return done.map((move) => ({ ...move, changedUnixMs: 1_007 }));
    },
  };
}

const startUnixMs = () => 900;
const unixMs = () => 1_005;
const moves = { from: 100, falls: [60], rises: [140] };

it('puts all falls in one call and all rises in the next', async () => {
  const sets = ['a', 'b'].map((name) => new ScriptedSet(name, moves));
  const agent = agentOf(sets.flatMap(({ links }) => links));
  await using loop = new SplitLoop({ agent, sets, startUnixMs, unixMs });
  await agent.told;
  expect(agent.calls).toEqual([
    ['a-0', 'b-0'].map((link) => ({ link, limitBytes: 60 })),
    ['a-1', 'b-1'].map((link) => ({ link, limitBytes: 140 })),
  ]);
  expect(sets[1]?.limitBytes).toEqual([60, 140]);
  expect(loop.toChangeMs).toEqual([7]);
  expect(loop.refused).toBe(0);
});

it('lets nothing rise in a set whose fall was refused', async () => {
  const sets = ['a', 'b'].map((name) => new ScriptedSet(name, moves));
  const agent = agentOf(
    sets.flatMap(({ links }) => links),
    ['a-0'],
  );
  await using loop = new SplitLoop({ agent, sets, startUnixMs, unixMs });
  await agent.told;
  expect(agent.calls[1]).toEqual([{ link: 'b-1', limitBytes: 140 }]);
  expect(sets[0]?.limitBytes).toEqual([100, 100]);
  expect(loop.refused).toBe(1);
});

it.each([0, 901])('hears nothing of before the traffic, which begins at %i', async (beginsMs) => {
  const set = new ScriptedSet('a', moves);
  const agent = agentOf(set.links);
  await using _ = new SplitLoop({ agent, sets: [set], startUnixMs: () => beginsMs, unixMs });
  await agent.told;
  expect(agent.calls).toEqual([]);
});

it('learns from samples that are behind, and moves nothing by them', async () => {
  const set = new ScriptedSet('a', moves);
  const agent = agentOf(set.links);
  const late = { startUnixMs, unixMs: () => 1_300 };
  await using loop = new SplitLoop({ agent, sets: [set], ...late });
  await agent.told;
  expect(agent.calls).toEqual([]);
  expect(loop.lateTicks).toBe(1);
});

it('says that it cannot go on when the stream ends or a call fails', async () => {
  const set = new ScriptedSet('a', moves);
  const agent = agentOf(set.links);
  const ended = {
    ...agent,
    async *samples() {
      yield [];
    },
  };
  await using over = new SplitLoop({ agent: ended, sets: [set], startUnixMs, unixMs });
  await expect(over.failed).rejects.toThrow('ended its stream');
  const failing = { ...agent, setLimits: () => Promise.reject(new Error('no agent')) };
  await using loop = new SplitLoop({ agent: failing, sets: [set], startUnixMs, unixMs });
  await expect(loop.failed).rejects.toThrow('no agent');
});
