import { z } from 'zod';

/** What is told of targets in mode recommend, day by day. */
export const reportsConfig = z.strictObject({
  hour_utc: z
    .int()
    .min(0)
    .max(23)
    .default(0)
    .describe('Hour at which the day of a target in mode recommend ends and is reported.'),
  days_kept: z
    .int()
    .min(1)
    .max(14)
    .default(7)
    .describe('Days that levitate fsu report shows beside the one that runs.'),
  tell_receivers: z
    .boolean()
    .default(true)
    .describe('Whether the receivers of alerts hear of each day, as a message of severity info.'),
});

/** @see reportsConfig */
export type ReportsConfig = z.output<typeof reportsConfig>;
