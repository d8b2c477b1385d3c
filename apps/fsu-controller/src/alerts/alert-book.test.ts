import { describe, expect, it } from 'vitest';
import { AlertBook, alertsMax } from './alert-book.ts';
import { alertKinds } from './alert-kinds.ts';

const at = (ms: number) => ({ unixMs: 1_000_000 + ms, monotonicMs: ms });
const open = { kind: 'breaker-open', target: 'uplink', text: '4 failures' } as const;

describe('AlertBook', () => {
  it('knows an alert by kind and target, however often it is raised', () => {
    const book = new AlertBook();
    expect(book.raise(open, at(0)).outcome).toBe('new');
    const again = book.raise({ ...open, text: '5 failures', labels: { a: 'b' } }, at(100));
    expect(again).toMatchObject({
      outcome: 'again',
      alert: { text: '5 failures', startsUnixMs: 1_000_000, labels: undefined },
    });
    expect(book.raise({ ...open, target: 'other' }, at(200)).outcome).toBe('new');
    expect(book.raise({ ...open, kind: 'at-limit' }, at(200)).outcome).toBe('new');
    expect(book.count('breaker-open')).toBe(2);
  });

  it('resolves what fires, once', () => {
    const book = new AlertBook();
    book.raise(open, at(0));
    expect(book.resolve(open, at(500))).toMatchObject({ endsUnixMs: 1_000_500 });
    expect(book.resolve(open, at(600))).toBeUndefined();
    expect(book.count('breaker-open')).toBe(0);
  });

  it('never ends an alert before it began, where the wall clock went back', () => {
    const book = new AlertBook();
    book.raise(open, at(0));
    const before = { unixMs: 5, monotonicMs: 10 };
    expect(book.resolve(open, before)).toMatchObject({ endsUnixMs: 1_000_000 });
  });

  it('ends events by themselves, counted from when they were last raised', () => {
    const book = new AlertBook();
    const event = { kind: 'target-restarted', target: 'db', text: 'pid 4 is now 5' } as const;
    const { lastsMs } = alertKinds['target-restarted'];
    book.raise(open, at(0));
    expect(book.nextExpiryMs).toBe(Number.POSITIVE_INFINITY);
    book.raise(event, at(0));
    book.raise(event, at(1_000));
    expect(book.nextExpiryMs).toBe(lastsMs + 1_000);
    expect(book.expire(at(lastsMs))).toEqual([]);
    expect(book.expire(at(lastsMs + 1_000))).toMatchObject([{ kind: 'target-restarted' }]);
    expect(book.count('breaker-open')).toBe(1);
  });

  it('drops what there is no room for, and cuts texts', () => {
    const book = new AlertBook();
    for (let index = 0; index < alertsMax; index += 1) {
      book.raise({ ...open, target: `${index}`, text: 'x'.repeat(2_000) }, at(0));
    }
    expect(book.raise({ ...open, target: 'one more' }, at(0)).outcome).toBe('dropped');
    const { outcome, alert } = book.raise({ ...open, target: '0', text: 'y'.repeat(2_000) }, at(1));
    expect([outcome, alert.text.length]).toEqual(['again', 1_000]);
  });
});

describe('alertKinds', () => {
  it.each(Object.entries(alertKinds))('%s says what happened and what to do', (_kind, facts) => {
    expect(facts.summary).toMatch(/^[A-Z].*\.$/);
    expect(facts.runbook).toMatch(/^[A-Zl].*\.$/);
  });
});
