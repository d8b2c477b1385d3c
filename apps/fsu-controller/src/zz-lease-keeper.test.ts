import { SeededRandom } from '@levitate/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeaseKeeper } from './zz-lease-keeper.ts';
import { AgentOfOneLink } from './zz-leases/testing/agent-of-one-link.ts';
import { RemoteLeases, type Wire } from './zz-leases/testing/remote-leases.ts';
import { VirtualTime } from './zz-leases/testing/virtual-time.ts';

const ttlMs = 1_000;
const link = 'uplink';

/** Controllers of one link of one agent, with a store between them unless told otherwise. */
function controllers({ hasStore = true, seed = 1, slowMs = 0 } = {}) {
  const time = new VirtualTime();
  const agent = new AgentOfOneLink({ time, link });
  const store = new RemoteLeases({ time });
  const random = new SeededRandom(seed);
  const delayMs = () => random.float() * slowMs;
  const open = (holder: string, { rate = 1, offsetMs = 0 } = {}) => {
    const timepiece = time.skewed(rate, offsetMs);
    const toStore: Wire = { isCut: false, delayMs };
    const toAgent: Wire = { isCut: false, delayMs };
    const said: string[] = [];
    const keeper = new LeaseKeeper({
      agent: agent.over(toAgent),
      link,
      holder,
      ttlMs,
      leases: hasStore ? store.over(toStore, { timepiece, timeoutMs: ttlMs / 5 }) : undefined,
      onGranted: () => said.push('granted'),
      onLost: (why) => said.push(why),
      ...timepiece,
    });
    const stopping = new AbortController();
    const running = keeper.run(stopping.signal);
    const change = () =>
      keeper.token !== undefined && agent.change({ holder, token: keeper.token });
    return { keeper, toStore, toAgent, said, stopping, running, change, step: timepiece.step };
  };
  /** As `kill -9` does it: nothing is given back. */
  const kill = ({ toStore, toAgent, stopping }: ReturnType<typeof open>) => {
    toStore.isCut = true;
    toAgent.isCut = true;
    stopping.abort();
  };
  return { time, agent, store, open, kill };
}

describe('LeaseKeeper', () => {
  it.each([true, false])(
    'one of two acts, the other says why not (store: %s)',
    async (hasStore) => {
      const { time, open } = controllers({ hasStore });
      const [a, b] = [open('a'), open('b')];
      a.keeper.want(true);
      await time.advance(100);
      b.keeper.want(true);
      await time.advance(10 * ttlMs);
      expect(a.change()).toBe(true);
      expect(b.change()).toBe(false);
      expect(b.keeper.why).toBe('held by a');
      a.stopping.abort();
      await time.advance(ttlMs);
      await a.running;
      expect(b.change()).toBe(true);
    },
  );

  it('comes with a token higher than both the store and the agent have seen', async () => {
    const { time, agent, store, open } = controllers();
    const other = agent.over({ isCut: false, delayMs: () => 0 });
    const acquired = other.acquireLease({ link, holder: 'old', fencingToken: 41, ttlMs: 500 });
    await time.advance(600);
    await acquired;
    const a = open('a');
    a.keeper.want(true);
    await time.advance(100);
    expect(a.keeper.token).toBe(42);
    expect(store.tokens).toEqual([42]);
  });

  it('goes on while the store is away, over a restart of the agent too', async () => {
    const { time, agent, open } = controllers();
    const [a, b] = [open('a'), open('b')];
    a.keeper.want(true);
    await time.advance(100);
    a.toStore.isCut = true;
    b.toStore.isCut = true;
    b.keeper.want(true);
    await time.advance(20 * ttlMs);
    expect(a.said).toEqual(['granted']);
    agent.restart();
    await time.advance(2 * ttlMs);
    expect(a.said.slice(1)).toEqual([expect.stringContaining('not-held'), 'granted']);
    expect(a.keeper.token).toBe(1);
    expect(a.change()).toBe(true);
    expect(b.keeper.isHeld).toBe(false);
  });

  it('lets nobody begin while the store is away', async () => {
    const { time, agent, open } = controllers();
    const a = open('a');
    a.toStore.isCut = true;
    a.keeper.want(true);
    await time.advance(5 * ttlMs);
    expect(a.keeper.why).toBe('the lease store is away: no answer');
    expect(agent.token).toBe(0);
  });

  it('takes its own lease up again after a restart although the store is away', async () => {
    const { time, open, kill } = controllers();
    const first = open('a');
    first.keeper.want(true);
    await time.advance(500);
    kill(first);
    const second = open('a');
    second.toStore.isCut = true;
    second.keeper.want(true);
    await time.advance(500);
    expect(second.change()).toBe(true);
  });

  it('is shut out by a higher token in the middle of an action, and says so', async () => {
    const { time, agent, open } = controllers({ hasStore: false });
    const a = open('a');
    a.keeper.want(true);
    await time.advance(100);
    const { token = 0 } = a.keeper;
    const other = agent.over({ isCut: false, delayMs: () => 0 });
    const taken = other.acquireLease({ link, holder: 'b', fencingToken: token + 1, ttlMs });
    await time.advance(0);
    await taken;
    expect(agent.change({ holder: 'a', token })).toBe(false);
    expect(agent.change({ holder: 'b', token: token + 1 })).toBe(true);
    await time.advance(ttlMs / 2);
    expect(a.keeper.isHeld).toBe(false);
    expect(a.said.at(-1)).toContain('stale-token');
  });

  it('gives up, and back, what the store has given to another', async () => {
    const { time, agent, store, open } = controllers();
    const a = open('a');
    a.keeper.want(true);
    await time.advance(100);
    a.toStore.isCut = true;
    await time.advance(2 * ttlMs);
    const near = { isCut: false, delayMs: () => 0 };
    const other = store.over(near, { timepiece: time, timeoutMs: ttlMs });
    const granted = other.acquire({ target: link, holder: 'b', ttlMs: 60_000, tokenMin: 2 });
    await time.advance(0);
    expect(await granted).toEqual({ kind: 'granted', token: 2 });
    expect(a.keeper.isHeld).toBe(true);
    a.toStore.isCut = false;
    await time.advance(ttlMs / 2);
    expect(a.keeper.why).toBe('held by b');
    expect(agent.holder).toBeUndefined();
  });

  it('keeps nobody out through the store where the agent refuses it', async () => {
    const { time, agent, open } = controllers();
    const [a, b] = [open('a'), open('b')];
    // The agent loses what comes after the list of its links.
    let calls = 0;
    const { listLinks } = agent.over(a.toAgent);
    expect(listLinks).toBeDefined();
    a.toAgent.delayMs = () => {
      calls += 1;
      a.toAgent.isCut = calls >= 2;
      return 0;
    };
    a.keeper.want(true);
    await time.advance(0.7 * ttlMs);
    expect(a.keeper.isHeld).toBe(false);
    b.keeper.want(true);
    await time.advance(ttlMs / 10);
    expect(b.change()).toBe(true);
  });

  it('takes no notice of the clock on the wall', async () => {
    const { time, open } = controllers();
    const a = open('a');
    a.keeper.want(true);
    for (const stepMs of [-86_400_000, 86_400_000]) {
      a.step(stepMs);
      await time.advance(3 * ttlMs);
      expect(a.change()).toBe(true);
    }
    expect(a.said).toEqual(['granted']);
  });

  it('never has a change accepted after one with a higher token, whatever happens', async () => {
    const event = fc.record({
      afterMs: fc.integer({ min: 0, max: 1_000 }),
      who: fc.integer({ min: 0, max: 2 }),
      what: fc.constantFrom(
        ...(['want', 'unwant', 'crash', 'store', 'agent', 'heal', 'forget', 'restart'] as const),
      ),
    });
    const all = fc.tuple(fc.array(event, { minLength: 5, maxLength: 30 }), fc.nat());
    await fc.assert(
      fc.asyncProperty(all, async ([events, seed]) => {
        const { time, agent, store, open, kill } = controllers({ seed, slowMs: 200 });
        const start = (index: number) => {
          const one = open(`holder-${index}`, { rate: 0.97 + index * 0.03, offsetMs: 99 * index });
          one.keeper.want(true);
          return one;
        };
        const live = [0, 1, 2].map(start);
        const act = () => {
          for (const one of live) one.change();
        };
        for (const { afterMs, who, what } of events) {
          for (let ms = 0; ms < afterMs; ms += 50) {
            await time.advance(50);
            act();
          }
          const one = live[who] as (typeof live)[number];
          if (what === 'want' || what === 'unwant') one.keeper.want(what === 'want');
          else if (what === 'store') one.toStore.isCut = true;
          else if (what === 'agent') one.toAgent.isCut = true;
          else if (what === 'forget') store.forget();
          else if (what === 'restart') agent.restart();
          else if (what === 'heal') {
            one.toStore.isCut = false;
            one.toAgent.isCut = false;
          } else {
            kill(one);
            live[who] = start(who);
          }
        }
        // Once all is well somebody acts, and one alone.
        for (const one of live) {
          one.keeper.want(true);
          Object.assign(one.toStore, { isCut: false, delayMs: () => 10 });
          Object.assign(one.toAgent, { isCut: false, delayMs: () => 10 });
        }
        await time.advance(5 * ttlMs);
        act();
        expect(live.filter(({ keeper }) => keeper.isHeld)).toHaveLength(1);
        const tokens = agent.changes.map(({ token }) => token);
        expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
        const pairs = agent.changes.map(({ token, holder }) => `${token} ${holder}`);
        expect(new Set(pairs).size).toBe(new Set(tokens).size);
        for (const { stopping } of live) stopping.abort();
      }),
      { numRuns: 60 },
    );
  });
});
