import { z } from 'zod';

/** One leaf key of a schema. */
export interface SchemaKey {
  /** Dotted, e.g. `tls.cert_file`. */
  readonly key: string;
  /** From `.describe()`. */
  readonly meaning: string;
  /** What may be given, for a person. */
  readonly allowed: string;
}

/** Every leaf key, in the order of the schema. Lists and maps count as leaves. */
export function schemaKeys(schema: z.ZodType, prefix = ''): SchemaKey[] {
  const inner = unwrapped(schema);
  if (!(inner instanceof z.ZodObject)) {
    return [{ key: prefix, meaning: meaningOf(schema), allowed: allowedOf(schema) }];
  }
  return Object.entries(inner.shape).flatMap(([name, child]) =>
    schemaKeys(child as z.ZodType, prefix === '' ? name : `${prefix}.${name}`),
  );
}

/** The schema at a path; `undefined` where the path leads out of it. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  for (const step of path) {
    const inner: z.ZodType = unwrapped(current);
    if (inner instanceof z.ZodObject) {
      current = Object.hasOwn(inner.shape, step)
        ? (inner.shape[step as string] as z.ZodType)
        : undefined;
    } else if (inner instanceof z.ZodArray) {
      current = inner.element as z.ZodType;
    } else if (inner instanceof z.ZodRecord) {
      current = inner.valueType as z.ZodType;
    } else {
      return undefined;
    }
    if (current === undefined) return undefined;
  }
  return current;
}

/** What a schema admits, in words. */
export function allowedOf(schema: z.ZodType): string {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodEnum) return inner.options.join(', ');
  if (inner instanceof z.ZodLiteral) return [...inner.values].join(', ');
  if (inner instanceof z.ZodBoolean) return 'true, false';
  if (inner instanceof z.ZodNumber) return numberAllowed(inner);
  if (inner instanceof z.ZodString) return textAllowed(inner);
  if (inner instanceof z.ZodArray) return `a list of ${allowedOf(inner.element as z.ZodType)}`;
  if (inner instanceof z.ZodRecord) return `a map of ${allowedOf(inner.valueType as z.ZodType)}`;
  if (inner instanceof z.ZodObject) return `keys ${Object.keys(inner.shape).join(', ')}`;
  if (inner instanceof z.ZodUnion) {
    return inner.options.map((option) => allowedOf(option as z.ZodType)).join(', or ');
  }
  return 'see the documentation';
}

/** Without defaults, optionals and transforms around it. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  let current = schema;
  while (true) {
    if (
      current instanceof z.ZodDefault ||
      current instanceof z.ZodPrefault ||
      current instanceof z.ZodOptional ||
      current instanceof z.ZodNullable ||
      current instanceof z.ZodReadonly
    ) {
      current = current.def.innerType as z.ZodType;
    } else if (current instanceof z.ZodPipe) {
      current = current.def.in as z.ZodType;
    } else {
      return current;
    }
  }
}

function meaningOf(schema: z.ZodType): string {
  return schema.description ?? unwrapped(schema).description ?? '';
}

function numberAllowed(schema: z.ZodNumber): string {
  const { minValue, maxValue } = schema;
  const kind = schema.format?.includes('int') ? 'a whole number' : 'a number';
  const min = minValue === null || minValue <= Number.MIN_SAFE_INTEGER ? undefined : minValue;
  const max = maxValue === null || maxValue >= Number.MAX_SAFE_INTEGER ? undefined : maxValue;
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} from ${min}`;
  return max === undefined ? kind : `${kind} up to ${max}`;
}

function textAllowed(schema: z.ZodString): string {
  for (const check of schema.def.checks ?? []) {
    const { error, check: kind } = (check as z.core.$ZodCheck)._zod.def as {
      error?: (issue: never) => unknown;
      check: string;
    };
    const said = kind === 'string_format' ? error?.({} as never) : undefined;
    if (typeof said === 'string') return said;
  }
  const { minLength, maxLength } = schema;
  if (maxLength !== null) return `text of ${minLength ?? 0} to ${maxLength} characters`;
  return (minLength ?? 0) > 0 ? 'text, not empty' : 'text';
}
