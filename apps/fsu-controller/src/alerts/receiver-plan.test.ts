import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from './alert.ts';
import { type AlertMessage, ReceiverPlan } from './receiver-plan.ts';

const options = { groupWaitMs: 1_000, repeatMs: 60_000, messagesPerHourMax: 10 };
const hourMs = 3_600_000;

function firing(target: string, startsUnixMs = 0): Alert {
  const kind = 'breaker-open';
  return { kind, target, text: '', labels: undefined, startsUnixMs, endsUnixMs: undefined };
}

const resolved = (target: string, endsUnixMs = 1): Alert => ({ ...firing(target), endsUnixMs });

/** The message that is due now, as a line for each alert; `undefined`: none is. */
function due(plan: ReceiverPlan, nowMs: number): AlertMessage | undefined {
  const step = plan.next({ nowMs });
  return step.do === 'send' ? step.message : undefined;
}

function lines(message: AlertMessage | undefined): string[] | undefined {
  return message?.alerts.map(
    ({ target, endsUnixMs }) => `${target} ${endsUnixMs === undefined ? 'fires' : 'resolved'}`,
  );
}

/** Sends what is due and lets it arrive. @returns what it was */
function told(plan: ReceiverPlan, nowMs: number): string[] | undefined {
  const message = due(plan, nowMs);
  if (message !== undefined) plan.delivered(message, nowMs);
  return lines(message);
}

describe('ReceiverPlan', () => {
  it('waits a moment after the first news and tells all of it at once', () => {
    const plan = new ReceiverPlan(options);
    plan.take(firing('a'), 0);
    plan.take(firing('b'), 600);
    expect(plan.next({ nowMs: 900 })).toMatchObject({ do: 'wait', untilMs: 1_000 });
    expect(told(plan, 1_000)).toEqual(['a fires', 'b fires']);
    expect(told(plan, 2_000)).toBeUndefined();
  });

  it('repeats what goes on firing, and tells once that it was resolved', () => {
    const plan = new ReceiverPlan(options);
    plan.take(firing('a'), 0);
    told(plan, 1_000);
    expect(told(plan, 60_999)).toBeUndefined();
    expect(told(plan, 61_000)).toEqual(['a fires']);
    plan.take(resolved('a'), 70_000);
    expect(told(plan, 71_000)).toEqual(['a resolved']);
    expect(plan.next({ nowMs: 71_000 })).toMatchObject({ untilMs: Number.POSITIVE_INFINITY });
    expect(plan.untold).toBe(0);
  });

  it('tells an alert that came and went, and not one that went and came', () => {
    const plan = new ReceiverPlan(options);
    plan.take(firing('short'), 0);
    plan.take(resolved('short'), 500);
    expect(told(plan, 1_000)).toEqual(['short resolved']);
    plan.take(firing('long'), 2_000);
    told(plan, 3_000);
    plan.take(resolved('long'), 4_000);
    plan.take(firing('long', 9), 4_500);
    expect(told(plan, 10_000)).toBeUndefined();
    expect(due(plan, 63_000)?.alerts).toMatchObject([{ target: 'long', startsUnixMs: 0 }]);
  });

  it('does not lose what changes while a message is under way', () => {
    const plan = new ReceiverPlan(options);
    plan.take(firing('a'), 0);
    const first = due(plan, 1_000) as AlertMessage;
    plan.take(resolved('a'), 1_100);
    plan.delivered(first, 1_200);
    const second = due(plan, 3_000) as AlertMessage;
    expect(lines(second)).toEqual(['a resolved']);
    plan.take(firing('a'), 3_100);
    plan.delivered(second, 3_200);
    expect(told(plan, 5_000)).toEqual(['a fires']);
  });

  it('tries again later each time, at most a minute, and sooner than news at most', () => {
    const plan = new ReceiverPlan(options);
    plan.take(firing('a'), 0);
    const waits = [];
    for (let nowMs = 1_000, attempt = 0; attempt < 9; attempt += 1) {
      plan.failed({ nowMs, isRefused: false });
      const step = plan.next({ nowMs });
      expect(step.do).toBe('wait');
      const untilMs = step.do === 'wait' ? step.untilMs : 0;
      waits.push((untilMs - nowMs) / 1_000);
      nowMs = untilMs;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('waits five minutes after a no, else as long as it is asked to, at most those five', () => {
    const plan = new ReceiverPlan(options);
    plan.take(firing('a'), 0);
    plan.failed({ nowMs: 0, isRefused: true });
    expect(plan.next({ nowMs: 0 })).toMatchObject({ untilMs: 300_000 });
    plan.failed({ nowMs: 0, isRefused: false, retryAfterMs: 90_000 });
    expect(plan.next({ nowMs: 0 })).toMatchObject({ untilMs: 90_000 });
    plan.failed({ nowMs: 0, isRefused: false, retryAfterMs: 9e9 });
    expect(plan.next({ nowMs: 0 })).toMatchObject({ untilMs: 300_000 });
  });

  it('sends no more messages an hour than it may, and then all news together', () => {
    const plan = new ReceiverPlan({ ...options, repeatMs: hourMs });
    let sent = 0;
    for (let second = 0; second < 3_500; second += 5) {
      plan.take(firing(`target-${second}`), second * 1_000);
      if (told(plan, second * 1_000 + 1_000) !== undefined) sent += 1;
    }
    expect(sent).toBe(10);
    expect(plan.next({ nowMs: 3_500_000 })).toMatchObject({ isThrottled: true });
    expect(told(plan, hourMs + 1_000)?.length).toBeGreaterThan(600);
  });

  it('ends with what is untold, whatever there was to wait for', () => {
    const plan = new ReceiverPlan({ ...options, messagesPerHourMax: 1 });
    plan.take(firing('a'), 0);
    told(plan, 1_000);
    plan.failed({ nowMs: 1_000, isRefused: true });
    expect(plan.next({ nowMs: 1_000, isLast: true }).do).toBe('wait');
    plan.take(firing('b'), 1_000);
    const step = plan.next({ nowMs: 1_000, isLast: true });
    expect(step.do === 'send' && lines(step.message)).toEqual(['b fires']);
  });

  it('holds no more than 4,096 alerts of a receiver that is away; the resolved go first', () => {
    const plan = new ReceiverPlan(options);
    for (let index = 0; index < 5_000; index += 1) {
      plan.take(firing(`t${index}`), 0);
      plan.take(resolved(`t${index}`), 0);
    }
    expect(plan.untold).toBe(4_096);
    for (let index = 0; index < 5_000; index += 1) plan.take(firing(`u${index}`), 0);
    expect(plan.untold).toBe(4_096);
    expect(lines(due(plan, 1_000))?.[0]).toBe('u0 fires');
  });

  it('lets the receiver know in the end what is true, whatever failed on the way', () => {
    const event = fc.record({
      afterMs: fc.integer({ min: 0, max: 5_000 }),
      target: fc.constantFrom('a', 'b', 'c'),
      what: fc.constantFrom('raise', 'resolve', 'deliver', 'fail'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const plan = new ReceiverPlan({ ...options, messagesPerHourMax: 1_000 });
        const truth = new Map<string, Alert>();
        const heard = new Map<string, boolean>();
        const attempt = (nowMs: number, isTaken: boolean) => {
          const message = due(plan, nowMs);
          if (message === undefined) return;
          if (!isTaken) return plan.failed({ nowMs, isRefused: false });
          for (const { target, endsUnixMs } of message.alerts) {
            heard.set(target, endsUnixMs === undefined);
          }
          plan.delivered(message, nowMs);
        };
        let nowMs = 0;
        for (const { afterMs, target, what } of events) {
          nowMs += afterMs;
          const isFiring = truth.get(target)?.endsUnixMs === undefined && truth.has(target);
          if (what === 'raise' && !isFiring) truth.set(target, firing(target, nowMs));
          if (what === 'resolve' && isFiring) truth.set(target, resolved(target, nowMs));
          const alert = truth.get(target);
          if ((what === 'raise') !== isFiring && what.startsWith('r') && alert !== undefined) {
            plan.take(alert, nowMs);
          }
          if (what === 'deliver' || what === 'fail') attempt(nowMs, what === 'deliver');
        }
        attempt(nowMs + 61_000, true);
        for (const [target, { endsUnixMs }] of truth) {
          expect(heard.get(target)).toBe(endsUnixMs === undefined);
        }
        expect(plan.untold).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
