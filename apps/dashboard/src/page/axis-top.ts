/**
 * Upper ends of the graphs' axes, shared by all lanes so that their heights compare. An end rises
 * as soon as it must and falls only when less than half of it is used, so the graphs rest.
 */
export class AxisTops {
  #tops = new Map<string, number>();

  /** The end for an axis on which `highest` must fit. @param least smallest end */
  fit(axis: string, { highest, least }: { highest: number; least: number }): number {
    const wanted = niceCeiling(Math.max(highest * 1.08, least));
    const top = this.#tops.get(axis);
    const next = top === undefined || wanted > top || wanted < top / 2 ? wanted : top;
    this.#tops.set(axis, next);
    return next;
  }
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value * 0.999_999) ?? 10;
  return step * power;
}
