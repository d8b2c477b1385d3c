/** What `levitate` ends with; stands in `levitate --help` and the README. */
export const exitCodes = {
  /** Done. */
  ok: 0,
  /** It was tried and failed. */
  failed: 1,
  /** The command line or a configuration is wrong. */
  usage: 2,
  /** A service does not answer. */
  unreachable: 3,
  /** A service answered that it will not do this (a wrong name, a state that forbids it). */
  refused: 4,
  /** Interrupted by Ctrl-C before it was done. */
  interrupted: 130,
} as const;

/** For the foot of the help. */
export const exitCodesText =
  'Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 service unreachable,\n' +
  '4 refused by the service, 130 interrupted.';

/** What a command is given to end with another exit code than 0. */
export type SetExitCode = (code: number) => void;
