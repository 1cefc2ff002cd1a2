/** Moments of a capture as people's clocks show them, in UTC. */

/** Captures of simulated networks begin at the Unix epoch: what is less than a year behind it is no date. */
const FIRST_SECONDS = 365 * 86_400;
/** 9999-12-31. */
const LAST_SECONDS = 253_402_300_799;
const SECONDS_PER_DAY = 86_400;
/** Days from 0000-03-01, where years of 400 begin, to 1970-01-01. */
const DAYS_TO_EPOCH = 719_468;
const DAYS_PER_ERA = 146_097;

export interface WallClock {
  /** `2026-11-20` */
  readonly date: string;
  /** `07:52:31.123456789` */
  readonly time: string;
}

/** The clock at `seconds` and `nanoseconds` since the Unix epoch, which may be more than a second; null if that is no date of a capture. */
export function wallClock(seconds: number, nanoseconds: number): WallClock | null {
  const whole = seconds + Math.floor(nanoseconds / 1e9);
  if (!(whole >= FIRST_SECONDS && whole <= LAST_SECONDS)) return null;
  const days = Math.floor(whole / SECONDS_PER_DAY);
  const inDay = whole - days * SECONDS_PER_DAY;
  const clock = [Math.floor(inDay / 3600), Math.floor(inDay / 60) % 60, inDay % 60].map((part) => digits(part, 2));
  return { date: dateOf(days), time: `${clock.join(":")}.${digits(nanoseconds % 1e9, 9)}` };
}

/** The civil calendar: years that begin in March end with the leap day, so that months count days by one formula. */
function dateOf(daysSinceEpoch: number): string {
  const days = daysSinceEpoch + DAYS_TO_EPOCH;
  const era = Math.floor(days / DAYS_PER_ERA);
  const inEra = days - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365,
  );
  const inYear = inEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * inYear + 2) / 153);
  const day = inYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return [digits(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4), digits(month, 2), digits(day, 2)].join("-");
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, "0");
}
