/** One thing wrong with a configuration. */
export interface ConfigFault {
  /** `telemetry.yaml:3`, `environment LEVITATE_TELEMETRY_LISTEN`, `flag --listen`. */
  readonly where: string;
  /** Dotted key; empty when the fault is of the whole source. */
  readonly key: string;
  /** What is wrong. */
  readonly problem: string;
  /** What was given, as far as it is worth showing. */
  readonly given?: string | undefined;
  /** What is allowed. */
  readonly allowed?: string | undefined;
  /** The valid name that was probably meant. */
  readonly nearest?: string | undefined;
}

/** One line for a person. */
export function faultLine(fault: ConfigFault): string {
  const details = [
    fault.given === undefined ? undefined : `given ${fault.given}`,
    fault.allowed === undefined ? undefined : `allowed: ${fault.allowed}`,
    fault.nearest === undefined ? undefined : `nearest: ${fault.nearest}`,
  ].filter((detail) => detail !== undefined);
  const subject = fault.key === '' ? fault.where : `${fault.where}: ${fault.key}`;
  return [`${subject}: ${fault.problem}`, ...details].join('; ');
}

/** A value as it may stand in a fault: JSON, at most 80 characters. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
