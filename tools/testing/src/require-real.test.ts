import { expect, it } from 'vitest';
import { requireReal } from './require-real.ts';

it('the check runs at the first use and only once', () => {
  let calls = 0;
  const component = requireReal('a stub', () => {
    calls += 1;
    return true;
  });
  expect(calls).toBe(0);
  expect(component.missing).toBeUndefined();
  expect(component.missing).toBeUndefined();
  expect(calls).toBe(1);
});

it('a missing component carries its name and its reason', () => {
  const component = requireReal('a unicorn', () => 'none lives here; look elsewhere');
  expect(component.missing).toBe('needs a unicorn: none lives here; look elsewhere');
});

const present = requireReal('a present thing', () => true);
let hasRun = false;
present.it('a test whose component is there runs', () => {
  hasRun = true;
});
it('its body was really called', () => {
  expect(hasRun).toBe(true);
});
