/** Everything that can keep a lab from standing, as a closed set. */
export type LabErrorCode =
  | 'invalid-lab'
  | 'lab-exists'
  | 'not-permitted'
  | 'tool-missing'
  | 'command-failed'
  | 'system-call-failed';

/** An operating error of the kernel lab: what, why, and the next step in its text. */
export class LabError extends Error {
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabError';
    this.code = code;
  }
}
