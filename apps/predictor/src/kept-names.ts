type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with the names that the liquid engine has always had (SPEC 3.3) as those of
 * today. A name of today that is set wins. `LIQUID_SPARSITY` belongs to training
 * (`levitate train liquid`); it stays as it is.
 */
export function withKeptNames(env: Environment): Environment {
  const today: Record<string, string | undefined> = { ...env };
  for (const [kept, { name, read }] of Object.entries(KEPT)) {
    const value = env[kept];
    if (value !== undefined && value !== '' && env[name] === undefined) today[name] = read(value);
  }
  return today;
}

const same = (value: string) => value;
/** Python's names of levels, and ours. */
const levels: Readonly<Record<string, string>> = { warning: 'warn', critical: 'fatal' };
const level = (value: string) => levels[value.toLowerCase()] ?? value.toLowerCase();

const KEPT: Readonly<Record<string, { name: string; read: (value: string) => string }>> = {
  QUANTUM_COHERENCE_THRESHOLD: {
    name: 'LEVITATE_PREDICTOR_LIQUID__COHERENCE_THRESHOLD',
    read: same,
  },
  ENERGY_BUDGET_UW: {
    name: 'LEVITATE_PREDICTOR_LIQUID__ENERGY_BUDGET_MICROWATTS',
    read: same,
  },
  ENABLE_METRICS: {
    name: 'LEVITATE_PREDICTOR_LIQUID__ENABLE_METRICS',
    read: (value) => value.toLowerCase(),
  },
  LOG_LEVEL: { name: 'LEVITATE_PREDICTOR_LOG_LEVEL', read: level },
  NEURAL_BACKEND: { name: 'LEVITATE_PREDICTOR_MODELS__BACKEND', read: same },
};
