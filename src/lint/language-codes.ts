/** What the parser says of lines, words, braces and files: the language of a `keepalived.conf`. */
import type { ParserCode } from "./parser-codes.ts";

const LOST =
  "keepalived leaves the line out and goes on: what it should have set keeps its default, and keepalived -t fails.";

export const LANGUAGE_CODES: Readonly<Record<string, ParserCode>> = {
  "bad-sequence": {
    severity: "error",
    summary: "a ~SEQ or ~LST that keepalived cannot read",
    why: "None of the lines that it stands for is read.",
    fix: "write the repetition in one of the known forms",
  },
  "block-parameter": {
    severity: "warning",
    summary: "words between the name of a block and its {",
    why: "keepalived complains and ignores them, so keepalived -t fails.",
    fix: "leave the words out",
  },
  "comment-in-value": {
    severity: "warning",
    summary: "a value that a # or ! cuts short",
    why: "A comment begins even inside a word: a password or a command ends before it, on this node only.",
    fix: "quote the value",
  },
  deprecated: {
    severity: "warning",
    summary: "a keyword that has been replaced",
    why: "It still acts, but keepalived -t fails, and later versions may drop it.",
    fix: "write the new keyword",
  },
  "duplicate-item": {
    severity: "warning",
    summary: "an item that stands in a list twice",
    why: "The first one counts, the second does nothing, and keepalived -t fails.",
    fix: "remove the second one",
  },
  "duplicate-key": {
    severity: "warning",
    summary: "a key given twice",
    why: "Only one of the two values counts, and who changes the other changes nothing.",
    fix: "keep one of the two lines",
    detail: true,
  },
  "duplicate-name": {
    severity: "error",
    summary: "two blocks of one kind with one name",
    why: "keepalived keeps the first and leaves the second out, with all that is in it.",
    fix: "rename one of the two",
  },
  "extra-close-brace": {
    severity: "error",
    summary: "a } without its {",
    why: "The block ended before: lines after it are read as something else.",
    fix: "remove the }, or add the { that is missing above",
  },
  "extra-words": {
    severity: "warning",
    summary: "words behind a value, which are ignored",
    why: "keepalived reads one keyword a line: what stands behind its value is dropped without a word.",
    fix: "put what is meant on a line of its own",
  },
  "include-cycle": {
    severity: "error",
    summary: "a file that includes itself",
    why: "Reading it would never end.",
    fix: "take the include out that leads back",
    detail: true,
  },
  "include-missing": {
    severity: "warning",
    summary: "an include that finds no file",
    why: "keepalived only logs it and runs without that part of the configuration.",
    fix: "correct the path, or remove the include",
    detail: true,
  },
  "include-too-deep": {
    severity: "error",
    summary: "files that include each other without end",
    why: "keepalived runs out of open files.",
    fix: "include fewer levels deep",
  },
  "invalid-address": {
    severity: "error",
    summary: "something that is no IP address, or not one that fits",
    why: "keepalived leaves it out and goes on: an address is missing, or a peer is not told of a failover.",
    fix: "write the address",
  },
  "invalid-boolean": {
    severity: "error",
    summary: "a switch that is neither on nor off",
    why: LOST,
    fix: "write one of the words",
  },
  "invalid-number": {
    severity: "error",
    summary: "a number that keepalived does not take",
    why: "keepalived takes another number and goes on: priorities and timers are not what is written, and keepalived -t fails.",
    fix: "write a number that it takes",
  },
  "invalid-value": {
    severity: "error",
    summary: "a word that keepalived does not know in this place",
    why: LOST,
    fix: "write what it knows",
  },
  "line-too-long": {
    severity: "warning",
    summary: "a line of more than 1023 octets",
    why: "keepalived reads the rest as a line of its own, so that a word in the middle becomes a keyword.",
    fix: "break the line",
  },
  "missing-close-brace": {
    severity: "error",
    summary: "a { without its }",
    why: "The blocks after it are read as part of this one: instances may be lost.",
    fix: "close the block with a }",
    detail: true,
  },
  "missing-name": {
    severity: "error",
    summary: "a block without a name",
    why: "keepalived leaves the whole block out.",
    fix: "name it",
  },
  "missing-open-brace": {
    severity: "error",
    summary: "a block without its {",
    why: "It depends on the keyword whether keepalived reads the block all the same.",
    fix: "open the block",
  },
  "missing-parameter": {
    severity: "error",
    summary: "a keyword without its value",
    why: "For most keywords keepalived ends here and runs nothing, so this node never takes over; others keep their default.",
    fix: "write the value",
  },
  "not-checked": {
    severity: "hint",
    summary: "a block that viplane passes over",
    why: "Mistakes in it are not found here, and it has no effect in a simulation.",
    fix: "keepalived -t judges it",
    detail: true,
  },
  "not-simulated": {
    severity: "hint",
    summary: "a keyword that keepalived obeys and viplane's simulation does not",
    why: "A simulated failover can differ from a real one here.",
    fix: "try this part on real hosts",
    detail: true,
  },
  "too-many-lines": {
    severity: "error",
    summary: "a configuration that does not come to an end",
    why: "keepalived would read it for ever, or nearly so.",
    fix: "make the repetitions end",
  },
  "undefined-variable": {
    severity: "error",
    summary: "a variable that is not defined",
    why: "keepalived takes its braces for a block, and stumbles over the lines after it.",
    fix: "define it before its use",
  },
  "unexpected-open-brace": {
    severity: "error",
    summary: "a { where no block begins",
    why: "Its } ends the block around it, so that the lines after it are lost.",
    fix: "remove it with its }",
    detail: true,
  },
  "unknown-keyword": {
    severity: "error",
    summary: "a word that is no keyword here",
    why: LOST,
    fix: "correct the line or remove it",
  },
  "unknown-option": {
    severity: "error",
    summary: "a word behind an address that is no option of it",
    why: "keepalived ignores it; a second address on the line is not configured at all.",
    fix: "correct it or move it to a line of its own",
  },
  "unterminated-quote": {
    severity: "error",
    summary: "a double quote that does not end",
    why: "The value is lost or takes in the rest of the line.",
    fix: "close the quote",
  },
};
