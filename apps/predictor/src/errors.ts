import { RpcError } from '@levitate/grpc-kit';

/** NOT_FOUND, `UNKNOWN_LINK`. */
export function unknownLink(link: string): RpcError {
  return new RpcError({
    code: 'NOT_FOUND',
    reason: 'UNKNOWN_LINK',
    message: `no samples of link ${JSON.stringify(link)} have come from telemetry`,
    metadata: { link },
  });
}

/** RESOURCE_EXHAUSTED, `TOO_MANY_STREAMS`. */
export function tooManyStreams(limit: number): RpcError {
  return new RpcError({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'TOO_MANY_STREAMS',
    message: `${limit} streams of forecasts are open (limits.streams_max)`,
    metadata: { limit: String(limit) },
  });
}

/** RESOURCE_EXHAUSTED, `TOO_MANY_REPLAYS`. */
export function tooManyReplays(limit: number): RpcError {
  return new RpcError({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'TOO_MANY_REPLAYS',
    message: `${limit} windows are being forecast (limits.replays_max); try again in a second`,
    metadata: { limit: String(limit) },
  });
}

/** RESOURCE_EXHAUSTED, `TOO_MANY_FORECASTS`. */
export function tooManyForecasts(capability: string, limit: number): RpcError {
  return new RpcError({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'TOO_MANY_FORECASTS',
    message:
      `${limit} requests wait for a ${capability} model (${capability}.queue_max); ` +
      'try again in a second, or ask for many windows in one call',
    metadata: { capability, limit: String(limit) },
  });
}

/** RESOURCE_EXHAUSTED, `ENERGY_BUDGET`. */
export function beyondBudget(options: {
  budgetMicrowatts: number;
  waitMs: number;
  /** What the governor says. */
  why: string;
}): RpcError {
  const { budgetMicrowatts, waitMs, why } = options;
  const said = why === '' ? `the budget is ${budgetMicrowatts} uW modelled` : why;
  return new RpcError({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'ENERGY_BUDGET',
    message:
      `${said} (liquid.energy_budget_microwatts); try again in ${waitMs} ms, ` +
      'or ask what was answered before, which costs nothing',
    metadata: { budget_microwatts: String(budgetMicrowatts), retry_after_ms: String(waitMs) },
  });
}

/** DEADLINE_EXCEEDED, `LATE_FORECAST`. */
export function lateForecast(capability: string): RpcError {
  return new RpcError({
    code: 'DEADLINE_EXCEEDED',
    reason: 'LATE_FORECAST',
    message: `the call's deadline passed before its ${capability} forecast was begun`,
    metadata: { capability },
  });
}

/** NOT_FOUND, `UNKNOWN_PATH`. */
export function unknownPath(path: string): RpcError {
  return new RpcError({
    code: 'NOT_FOUND',
    reason: 'UNKNOWN_PATH',
    message: `no samples of path ${JSON.stringify(path)} have come from telemetry`,
    metadata: { path },
  });
}

/** NOT_FOUND, `UNKNOWN_MODEL`. */
export function unknownModel(name: string, known: readonly string[]): RpcError {
  const there = known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`;
  return new RpcError({
    code: 'NOT_FOUND',
    reason: 'UNKNOWN_MODEL',
    message: `no model ${JSON.stringify(name)} is served; ${there} (levitate model list)`,
    metadata: { model: name },
  });
}

/** INVALID_ARGUMENT, `WRONG_WIDTH`. */
export function wrongWidth(field: string, given: number, wanted: number): RpcError {
  return new RpcError({
    code: 'INVALID_ARGUMENT',
    reason: 'WRONG_WIDTH',
    message: `${field} has ${given} values, the model takes ${wanted}`,
    metadata: { field },
  });
}

/** INVALID_ARGUMENT, `UNREADABLE_WINDOW`. */
export function unreadableWindow(why: string): RpcError {
  return new RpcError({
    code: 'INVALID_ARGUMENT',
    reason: 'UNREADABLE_WINDOW',
    message: `the model cannot read a window: ${why}`,
  });
}
