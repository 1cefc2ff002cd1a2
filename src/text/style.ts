/** How words stand out in text for people: colours where there is a terminal, nothing elsewhere; and what keeps others' text from drawing on it. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  accent(text: string): string;
}

const same = (text: string): string => text;
/** Nothing stands out. */
export const PLAIN: Style = { bold: same, dim: same, good: same, bad: same, accent: same };

/** Text that people wrote, with nothing in it that a terminal would act on; line breaks stay. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) =>
    control === "\n" ? control : `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
