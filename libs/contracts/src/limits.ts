/** Longest name of a link, path, target, holder or forecaster, characters. */
export const nameLengthMax = 128;
/** Names a filter may list. */
export const filterNamesMax = 1_000;
/** Samples in one push. */
export const pushSamplesMax = 1_000;
/** Samples in a window that a caller brings: ten minutes of 100 ms samples. */
export const windowSamplesMax = 6_000;
/** Decisions in one answer. */
export const decisionsMax = 1_000;
/** Length of a reason a person gives, characters. */
export const reasonLengthMax = 512;
/** Longest pause that ends by itself, seconds. */
export const pauseSecondsMax = 86_400;
/** Links that one call may renew or change. */
export const linksOfCallMax = 1_000;
/** Bounds of a lease, milliseconds. */
export const leaseTtlMs = { min: 500, max: 60_000 } as const;
/** Largest queue limit: the kernel's `tc_tbf_qopt.limit` is an unsigned 32 bit number. */
export const limitBytesMax = 0xffff_ffff;
/** Largest gain of a virtual queue's PID: Q16.16 holds no more. */
export const gainMax = 65_535;
/** Windows in one call of `ForecastBandwidth` or `InferLiquid`. */
export const windowsOfCallMax = 64;
/** Samples of a path, or observations, in a window that a caller brings. */
export const pathWindowSamplesMax = 1_000;
/** Values of one observation. */
export const observationValuesMax = 64;
/** Steps of a bandwidth forecast (SPEC 3.2). */
export const horizonStepsMax = 10;
