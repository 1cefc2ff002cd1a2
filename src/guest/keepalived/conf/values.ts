/**
 * Numbers and truth values as keepalived reads them. Two flavours of number: the strict reader takes digits alone; the
 * lenient one complains about what follows the digits and uses them all the same (`keepalived -t` counts that as an
 * error; the daemon only warns).
 */
export interface NumberRead {
  /** What the digits at the beginning say, 0 without any; in units of 10^-`places` for a decimal. */
  readonly value: number;
  /** The daemon uses `value`. */
  readonly usable: boolean;
  /** `value` as people write it. */
  readonly shown: string;
  /** What keepalived says about the text; null if it is in order. */
  readonly problem: string | null;
}

export const UINT_MAX = 0xffff_ffff;
export const INT_MAX = 0x7fff_ffff;
const INT_MIN = -0x8000_0000;

/** The longest time in whole seconds that fits keepalived's 32-bit microseconds. */
export const SECONDS_MAX = 4294;

export function readUnsigned(text: string, min: number, max: number, lenient: boolean): NumberRead {
  const { value, negative, complete } = leadingDigits(text);
  const inside = !negative && value >= min && value <= max;
  const problem = negative
    ? `negative number '${text}'`
    : !complete
      ? `invalid number '${text}'`
      : value > UINT_MAX
        ? `number '${text}' outside unsigned integer range`
        : inside
          ? null
          : `number '${text}' outside range [${min}, ${max}]`;
  return { value, shown: `${value}`, usable: problem === null || (lenient && inside), problem };
}

export function readInteger(text: string, min: number, max: number): NumberRead {
  const { value: size, negative, complete } = leadingDigits(text);
  const signed = negative ? -size : size;
  const value = Math.max(INT_MIN, Math.min(INT_MAX, signed));
  const inside = value >= min && value <= max;
  const problem = !complete
    ? `invalid number '${text}'`
    : signed !== value
      ? `number '${text}' outside integer range`
      : inside
        ? null
        : `number '${text}' outside range [${min}, ${max}]`;
  return { value, shown: `${value}`, usable: inside && signed === value, problem };
}

/** A decimal in seconds, to the microsecond; `min`, `max` and the value in microseconds. */
export function readMicroseconds(text: string, min: number, max: number): NumberRead {
  if (text.startsWith("-")) return { value: 0, shown: "0", usable: false, problem: `negative number '${text}'` };
  const point = text.indexOf(".");
  const whole = point < 0 ? text : text.slice(0, point);
  const places = point < 0 ? "" : text.slice(point + 1);
  const digits = leadingDigits(whole + places.slice(0, 6).padEnd(6, "0"));
  const value = digits.value + ((places[6] ?? "0") >= "5" ? 1 : 0);
  const inside = !digits.negative && value >= min && value <= max;
  const range = `[${(min / 1e6).toFixed(6)}, ${(max / 1e6).toFixed(6)}]`;
  const problem = !digits.complete
    ? `invalid number '${text}'`
    : !inside
      ? `number '${text}' outside range ${range}`
      : places.length > 6
        ? `number '${text}' has too many decimal places`
        : null;
  return { value, shown: `${value / 1e6}`, usable: inside, problem };
}

/** `on`, `true`, `yes`; `off`, `false`, `no`; null for anything else. */
export function readBoolean(text: string): boolean | null {
  if (text === "on" || text === "true" || text === "yes") return true;
  if (text === "off" || text === "false" || text === "no") return false;
  return null;
}

/** As strtoul reads: blanks, a sign, digits; `complete` if nothing follows them. */
function leadingDigits(text: string): { value: number; negative: boolean; complete: boolean } {
  const match = /^([ \t\n\v\f\r]*)([+-]?)(\d+)/.exec(text);
  if (match === null) return { value: 0, negative: false, complete: text === "" };
  return { value: Number(match[3]), negative: match[2] === "-", complete: match[0].length === text.length };
}
