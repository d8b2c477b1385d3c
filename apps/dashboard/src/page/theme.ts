/** Light or dark, as the system says until the reader says otherwise. */
export type Theme = 'light' | 'dark';

const storageKey = 'levitate-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** The theme that holds now. */
export function currentTheme(): Theme {
  const chosen = readChoice();
  return chosen ?? (system.matches ? 'dark' : 'light');
}

/** Applies the theme that holds and calls `onChange` whenever the system's changes. */
export function watchTheme(onChange: () => void): void {
  apply();
  system.addEventListener('change', () => {
    apply();
    onChange();
  });
}

/** Switches to the other theme and remembers it in this browser. */
export function switchTheme(): void {
  const next: Theme = currentTheme() === 'dark' ? 'light' : 'dark';
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // A browser that keeps nothing still switches for this page.
  }
  document.documentElement.dataset.theme = next;
  cache.clear();
}

const cache = new Map<string, Inks>();

/** Colours of a canvas, which cannot read the style sheet's variables by itself. */
export interface Inks {
  readonly lane: string;
  readonly laneFill: string;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly forecast: string;
  readonly forecastFill: string;
  readonly aheadGround: string;
  readonly none: string;
}

/** The colours of one kind of lane in the theme that holds. */
export function inks(kind: 'reactive' | 'predictive' | 'uncontrolled'): Inks {
  const held = cache.get(kind);
  if (held) return held;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const made: Inks = {
    lane: colour(kind),
    laneFill: colour(`${kind}-fill`),
    ink: colour('ink-soft'),
    muted: colour('muted'),
    grid: colour('grid'),
    forecast: colour('forecast'),
    forecastFill: colour('forecast-fill'),
    aheadGround: colour('ahead-ground'),
    none: 'transparent',
  };
  cache.set(kind, made);
  return made;
}

function apply(): void {
  document.documentElement.dataset.theme = currentTheme();
  cache.clear();
}

function readChoice(): Theme | undefined {
  try {
    const stored = localStorage.getItem(storageKey);
    return stored === 'light' || stored === 'dark' ? stored : undefined;
  } catch {
    return undefined;
  }
}
