import type { ResourceView } from '../resource-view.ts';

/** What is kept of a resource: as many looks as the page shows. */
export const looksMax = 180;

/** One look at a resource. */
export interface Look {
  readonly size: number;
  /** Held peak need, in the same unit. */
  readonly need: number;
}

/** The newest looks at each resource, kept by the page itself while it is open. */
export class ResourceHistories {
  readonly #looks = new Map<string, Look[]>();

  of(name: string): readonly Look[] {
    return this.#looks.get(name) ?? [];
  }

  add(resources: readonly ResourceView[]): void {
    const names = new Set(resources.map(({ name }) => name));
    for (const name of this.#looks.keys()) if (!names.has(name)) this.#looks.delete(name);
    for (const { name, size, utilisation } of resources) {
      const looks = this.#looks.get(name) ?? [];
      looks.push({ size, need: utilisation * size });
      if (looks.length > looksMax) looks.shift();
      this.#looks.set(name, looks);
    }
  }
}

/**
 * Points of a line over looks, in a box of `width` x `height` with its origin above left: the
 * newest at the right edge, `top` at the upper one.
 */
export function linePoints(
  values: readonly number[],
  { width, height, top }: { width: number; height: number; top: number },
): string {
  const step = width / (looksMax - 1);
  return values
    .map((value, index) => {
      const x = width - (values.length - 1 - index) * step;
      const y = height - (height * Math.min(value, top)) / top;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}
