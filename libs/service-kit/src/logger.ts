import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * JSON lines on stdout: `time` in ISO 8601, `level` as a word, `service`, `msg`; an error under
 * `err` with its stack and causes.
 */
export function createLogger(options: { service: string; level: string }): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  // Asynchronous writing flushes at exit, and that flush tries a pipe whose reader is gone for ever
  // (sonic-boom, EPIPE): the service would never end. Written at once, the first such error ends
  // the logging instead.
  return pino(settings, pino.destination({ dest: 1, sync: true }));
}
