import { type FieldViolation, violationsMax } from './field-violation.ts';

/**
 * Judges one value. `undefined` means absent: a check by itself admits that unless it was made
 * `required`. Faults go to the collector, which stops taking them at `violationsMax`.
 */
export type Check = (value: unknown, path: Path, faults: FieldViolation[]) => void;

/** Where a value stands; `undefined` while nobody has asked, which is so until there is a fault. */
export type Path = string | undefined;

/**
 * A request's validator: every fault, empty when there are none. Paths are made when there is one:
 * those of a push of 1,000 samples were a sixth of all memory that telemetry used and threw away.
 */
export function requestOf(fields: Fields, rules: readonly Rule[] = []): Validator {
  const check = message(fields, rules);
  return (request) => {
    const faults: FieldViolation[] = [];
    if (!absent(request)) check(request, undefined, faults);
    if (faults.length === 0 && !absent(request)) return faults;
    faults.length = 0;
    check(request, '', faults);
    return faults;
  };
}

/** @see requestOf */
export type Validator = (request: unknown) => FieldViolation[];
/** Checks by camelCase field name; paths in faults are in snake_case, as in the proto. */
export type Fields = { readonly [field: string]: Check };
/** A condition over a whole message whose fields are sound by themselves. */
export type Rule = (message: Record<string, unknown>) => FieldViolation | undefined;

/** A message, field by field, then by rules over all of them. */
export function message(fields: Fields, rules: readonly Rule[] = []): Check {
  const entries = Object.entries(fields).map(([name, check]) => ({
    name,
    suffix: snakeCase(name),
    check,
  }));
  return (value, path, faults) => {
    if (value === undefined || value === null) {
      if (path === '') fault(faults, path, 'a message is required');
      return;
    }
    if (typeof value !== 'object') {
      fault(faults, path, `must be a message, was ${shown(value)}`);
      return;
    }
    const record = value as Record<string, unknown>;
    const before = faults.length;
    for (const { name, suffix, check } of entries) {
      if (faults.length >= violationsMax) return;
      check(record[name], joined(path, suffix), faults);
    }
    if (faults.length > before) return;
    for (const rule of rules) {
      const broken = rule(record);
      if (broken !== undefined) fault(faults, joined(path, broken.field), broken.description);
    }
  };
}

/** Must be there. A string counts as absent when empty; a zero enum is refused by its names. */
export function required(check: Check): Check {
  return (value, path, faults) => {
    if (value === undefined || value === null || value === '') {
      fault(faults, path, 'is required');
      return;
    }
    check(value, path, faults);
  };
}

/** A finite number within `min` and `max`, both allowed. */
export function range(bounds: { min: number; max: number }): Check {
  return (value, path, faults) => {
    if (absent(value)) return;
    if (typeof value !== 'number') {
      fault(faults, path, `must be a number, was ${shown(value)}`);
    } else if (!(value >= bounds.min && value <= bounds.max)) {
      fault(faults, path, `must be from ${bounds.min} to ${bounds.max}, was ${value}`);
    }
  };
}

/** A whole number within `min` and `max`; the highest that a double holds exactly is 2^53 - 1. */
export function integer(bounds: { min: number; max: number }): Check {
  const inRange = range(bounds);
  return (value, path, faults) => {
    if (typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)) {
      fault(faults, path, `must be a whole number, was ${value}`);
      return;
    }
    inRange(value, path, faults);
  };
}

/** Text of at most `max` UTF-16 units without control characters. */
export function text(bounds: { max: number }): Check {
  return (value, path, faults) => {
    if (absent(value)) return;
    if (typeof value !== 'string') {
      fault(faults, path, `must be text, was ${shown(value)}`);
    } else if (value.length > bounds.max) {
      const { length } = value;
      fault(faults, path, `must have at most ${bounds.max} characters, had ${length}`);
    } else if (hasControlCharacter(value)) {
      fault(faults, path, 'must not have control characters');
    }
  };
}

/** True or false. */
export const flag: Check = (value, path, faults) => {
  if (!absent(value) && typeof value !== 'boolean') {
    fault(faults, path, `must be true or false, was ${shown(value)}`);
  }
};

/**
 * One of the names. A number is one the decoder did not know; a name outside the list is one the
 * encoder would silently make 0.
 */
export function enumOf(names: readonly string[]): Check {
  return (value, path, faults) => {
    if (absent(value)) return;
    if (typeof value !== 'string' || !names.includes(value)) {
      fault(faults, path, `must be one of ${names.join(', ')}; was ${shown(value)}`);
    }
  };
}

/** At least `min` (default 0) and at most `max` items, each judged under `path[index]`. */
export function list(item: Check, bounds: { min?: number; max: number }): Check {
  return (value, path, faults) => {
    const items = value ?? [];
    if (!Array.isArray(items)) {
      fault(faults, path, `must be a list, was ${shown(value)}`);
      return;
    }
    if (items.length > bounds.max || items.length < (bounds.min ?? 0)) {
      const wanted = `must have from ${bounds.min ?? 0} to ${bounds.max} items`;
      fault(faults, path, `${wanted}, had ${items.length}`);
      return;
    }
    for (let index = 0; index < items.length && faults.length < violationsMax; index += 1) {
      const one: unknown = items[index];
      const itemPath = path === undefined ? undefined : `${path}[${index}]`;
      if (absent(one)) fault(faults, itemPath, 'is required');
      else item(one, itemPath, faults);
    }
  };
}

function absent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function fault(faults: FieldViolation[], field: Path, description: string): void {
  if (faults.length < violationsMax) faults.push({ field: field ?? '', description });
}

function joined(path: Path, field: string): Path {
  if (path === undefined) return undefined;
  if (path === '' || field === '') return path + field;
  return `${path}.${field}`;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Control characters would reach logs and terminals. C0, DEL and C1 are refused. */
function hasControlCharacter(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

/** A value as it may stand in an error: typed, short, never a whole message. */
function shown(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : typeof value;
}
