import { describe, expect, it } from 'vitest';
import type { ClientRow } from './console-rows.ts';
import { TurnedAway } from './turned-away.ts';

const waits = (id: string, waitS: number): ClientRow => ({
  ...{ id, waitS },
  database: 'app',
  isWaiting: true,
});

describe('TurnedAway', () => {
  it('counts those who were about to be sent away and are gone', () => {
    const turnedAway = new TurnedAway();
    expect(turnedAway.look([waits('a', 0.8), waits('b', 0.7), waits('c', 0.2)], 1)).toBe(0);
    // a was served at the last moment, b is gone, c has been served and has hung up.
    expect(turnedAway.look([{ ...waits('a', 0), isWaiting: false }], 1)).toBe(1);
    expect(turnedAway.look([], 1)).toBe(0);
  });

  it('is due only near the timeout, and until those at the brink are settled', () => {
    const turnedAway = new TurnedAway();
    expect(turnedAway.isDue({ oldestWaitS: 0.4, timeoutS: 1 })).toBe(false);
    expect(turnedAway.isDue({ oldestWaitS: 0.6, timeoutS: 1 })).toBe(true);
    expect(turnedAway.isDue({ oldestWaitS: 99, timeoutS: 0 })).toBe(false);
    turnedAway.look([waits('a', 0.9)], 1);
    expect(turnedAway.isDue({ oldestWaitS: 0, timeoutS: 1 })).toBe(true);
    turnedAway.forget();
    expect(turnedAway.isDue({ oldestWaitS: 0, timeoutS: 1 })).toBe(false);
  });
});
