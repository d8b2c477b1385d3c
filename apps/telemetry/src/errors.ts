/**
 * `trace-unreadable`: a file that cannot be read or unpacked. `trace-kind`: a folder that is no
 * kind a replay knows. `trace-content`: a file that is not of its kind. `influx-file`: a secret or
 * an authority of InfluxDB that cannot be read.
 */
export type TelemetryErrorCode =
  | 'trace-unreadable'
  | 'trace-kind'
  | 'trace-content'
  | 'influx-file';

/** Why telemetry did not start; the closed set of its own codes, each with what to do next. */
export class TelemetryError extends Error {
  readonly code: TelemetryErrorCode;
  readonly nextStep: string;

  constructor(
    code: TelemetryErrorCode,
    message: string,
    options: { nextStep: string; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'TelemetryError';
    this.code = code;
    this.nextStep = options.nextStep;
  }
}
