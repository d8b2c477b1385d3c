const DAY_MS = 86_400_000;

/**
 * Milliseconds since 1970 of a calendar time `YYYY-MM-DD hh:mm:ss` in UTC; `undefined` for any
 * other text and for a day or an hour that does not exist. Days are counted as `days_from_civil`
 * does (Hinnant, howardhinnant.github.io/date_algorithms.html): years begin in March, so that the
 * leap day comes last.
 */
export function parseCalendarTime(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysOf({ year, month })) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const days = daysSince1970({ year, month, day });
  return days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
}

function daysSince1970({ year, month, day }: { year: number; month: number; day: number }): number {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  // 719,468 days lie between 1 March of the year 0 and 1970.
  return marchYear * 365 + leapDays + dayOfYear - 719_468;
}

function daysOf({ year, month }: { year: number; month: number }): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
