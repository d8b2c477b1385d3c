import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * JSON lines on stdout: `time` in ISO 8601, `level` as a word, `service`, `msg`; an error under
 * `err` with its stack and causes.
 */
export function createLogger(options: { service: string; level: string }): Logger {
  return pino({
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}
