/** Brace alternatives of a glob pattern, as GLOB_BRACE of glob(3) has them: `{a,b}.conf` is `a.conf` and `b.conf`. */

/** No pattern stands for more than this. */
const ALTERNATIVES_MAX = 256;

/** Every pattern without braces that `pattern` stands for, in order; unpaired braces are ordinary characters. */
export function expandBraces(pattern: string): string[] {
  let done: string[] = [];
  let open = [pattern];
  while (open.length > 0 && done.length + open.length <= ALTERNATIVES_MAX) {
    const next: string[] = [];
    for (const candidate of open) {
      const group = /^(.*)\{([^{}]*)\}(.*)$/.exec(candidate);
      if (group === null || candidate.includes("\0")) done = [...done, candidate];
      else for (const choice of group[2]!.split(",")) next.push(`${group[1]}${choice}${group[3]}`);
    }
    open = next;
  }
  return done;
}
