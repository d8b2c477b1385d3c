import type { AlertKind } from './alert-kinds.ts';

/** What is raised: one of a kind per target. */
export interface RaisedAlert {
  readonly kind: AlertKind;
  /** Name of the target; of the service where it is about none. */
  readonly target: string;
  /** What exactly, in a sentence: numbers, the error. At most 1,000 characters are told. */
  readonly text: string;
  /** More labels. They are those of the first time while the alert fires. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** An alert in its state. */
export interface Alert extends RaisedAlert {
  readonly startsUnixMs: number;
  /** When it was resolved; `undefined`: it fires. */
  readonly endsUnixMs: number | undefined;
}

/** Both clocks at one moment, milliseconds: the wall's for people, the other for waiting. */
export interface Moment {
  readonly unixMs: number;
  readonly monotonicMs: number;
}

/** What makes two alerts the same one. */
export function keyOf({ kind, target }: Pick<RaisedAlert, 'kind' | 'target'>): string {
  return `${kind} ${target}`;
}
