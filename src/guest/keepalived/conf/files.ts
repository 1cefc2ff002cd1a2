/**
 * How a configuration reaches the files that it includes. The parser never opens anything itself: the command line
 * reads from disk, tests and the browser from memory. Paths are opaque here, compared only for equality.
 */
export interface ConfFiles {
  /** The text of a file; null if there is none, it cannot be read, or it is no regular file. */
  read(path: string): string | null;
  /**
   * The files that `pattern` (of glob(7), braces already expanded) names, sorted, each in a form that `read` takes.
   * `relativeTo` is the path of the file that includes them: a relative pattern starts in its directory.
   */
  glob(pattern: string, relativeTo: string): string[];
}

/** For a configuration that includes nothing. */
export const NO_FILES: ConfFiles = { read: () => null, glob: () => [] };
