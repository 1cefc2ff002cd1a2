import { describe, expect, it } from "vitest";
import { Findings } from "../../../../src/guest/keepalived/conf/findings.ts";
import type { ConfDiagnostic } from "../../../../src/guest/keepalived/conf/model.ts";
import { ConfReader } from "../../../../src/guest/keepalived/conf/reader.ts";
import { inMemory } from "./samples.ts";

interface Read {
  /** Words joined by `|`, or the brace; with its place. */
  readonly lines: readonly string[];
  readonly found: readonly ConfDiagnostic[];
}

function read(text: string, files: Record<string, string> = {}, configId: string | null = "vm-a"): Read {
  const findings = new Findings();
  const reader = new ConfReader("main", text, { files: inMemory(files), findings, configId });
  const lines: string[] = [];
  for (let statement = reader.next(); statement !== null; statement = reader.next()) {
    const words = statement.kind === "words" ? statement.words.map(({ text: word }) => word).join("|") : statement.raw;
    lines.push(`${statement.file}:${statement.line}:${statement.column} ${words}`);
  }
  return { lines, found: findings.list };
}

const words = (text: string, files?: Record<string, string>) =>
  read(text, files).lines.map((line) => line.slice(line.indexOf(" ") + 1));

describe("keepalived.conf: from files to statements", () => {
  it("splits words at blanks and quotes, and braces from everything", () => {
    expect(read('  a\tb "c d"e {\n\n f }g}\r\n! x\n').lines).toEqual([
      "main:1:3 a|b|c d|e",
      "main:1:14 {",
      "main:3:2 f",
      "main:3:4 }",
      "main:3:5 g",
      "main:3:6 }",
    ]);
  });

  it("keeps braces and comment signs inside double quotes", () => {
    expect(words('a "{ # }" b # c\nd "!"')).toEqual(["a|{ # }|b", "d|!"]);
  });

  it("cuts at # and ! even inside a word, and at the documented escape", () => {
    expect(words("a b#c\nd\\#e f\ng!h\nk \\x#l")).toEqual(["a|b", "d", "g", "k|\\x"]);
  });

  it("replaces variables with braces anywhere, without them only before a blank, a comma, a bracket or the end", () => {
    const text = `$A=1\n$B=\${A}2\nx$A \${A}x $A, $A) $Ax $A/1 $B ($A`;
    expect(words(text)).toEqual([`x1|1x|1,|1)|$Ax|$A/1|12|(1`]);
    expect(words(`$A=1\n$A=2\nx \${A} $A`)).toEqual(["x|2|2"]);
    expect(words("$A=1 # comment\nx $A")).toEqual(["x|1"]);
  });

  it("places what a variable brings at its dollar sign", () => {
    expect(read(`$A=one two\nx $A y`).lines).toEqual(["main:2:1 x|one|two|y"]);
    const findings = read(`$A=1\nx \${NAME}`).found;
    expect(findings).toMatchObject([{ code: "undefined-variable", line: 2, column: 3 }]);
  });

  it("puts in the lines of a variable of several", () => {
    const text = "$M=one \\\n   two 2 \\\n three\n$N=first \\\n $M\nx {\n$M\n}\n$N\nend";
    expect(words(text)).toEqual(["x", "{", "one", "two|2", "three", "}", "first", "one", "two|2", "three", "end"]);
  });

  it("repeats lines for numbers and lists", () => {
    expect(words("~SEQ(n, 3) a $n")).toEqual(["a|1", "a|2", "a|3"]);
    expect(words("~SEQ(n, 5, 3) a $n")).toEqual(["a|5", "a|4", "a|3"]);
    expect(words(`~SEQx(n, 8, 2, 0x0c) a\${n}`)).toEqual(["a8", "aa", "ac"]);
    expect(words("~LST(v, x, y) a $v")).toEqual(["a|x", "a|y"]);
    expect(words("~LST({u, v}, {1, 2}, {3}) a $u b $v c")).toEqual(["a|1|b|2|c", "a|3|b|c"]);
    expect(words(`$E=2\n~SEQ(i, $E) ~SEQ(j, 2) \${i}\${j}`)).toEqual(["11", "12", "21", "22"]);
  });

  it.each([
    "~SEQ(n) a",
    "~SEQ(n, 1, 2, 3, 4) a",
    "~SEQ(n, x) a",
    "~SEQ n a",
    "~SEQ(n, 1, 0, 5) a",
    "~SEQx(n, -1, 5) a",
    "~LST(v) a",
    "~LST(v, {1, 2}) a",
    "~LST(v, 1 a",
  ])("refuses %s", (line) => {
    const { lines, found } = read(line);
    expect(lines).toEqual([]);
    expect(found).toMatchObject([{ code: "bad-sequence", severity: "error", line: 1 }]);
  });

  it("keeps lines for this host and drops those for others", () => {
    const text = "@vm-a one\n@vm-b two\n@^vm-a three\n@^vm-b four\n@vm-a\n";
    expect(words(text)).toEqual(["one", "four"]);
    expect(read(text, {}, null).lines.map((line) => line.split(" ")[1])).toEqual(["three", "four"]);
  });

  it("takes a line of more than 1023 octets for two", () => {
    const { lines, found } = read(`a ${"x".repeat(1021)}y z\nb`);
    expect(lines.map((line) => line.replace(/x+/, "x"))).toEqual(["main:1:1 a|x", "main:1:1024 y|z", "main:2:1 b"]);
    expect(found).toMatchObject([{ code: "line-too-long", severity: "warning", line: 1 }]);
    expect(read(`a ${"é".repeat(511)}y`).lines).toHaveLength(2);
  });

  it("says once that a brace or a quote is missing", () => {
    expect(read("a {\nb {\n}\n").found).toMatchObject([{ code: "missing-close-brace", line: 1, column: 3 }]);
    expect(read("a {\n}\n}\n").found).toMatchObject([{ code: "extra-close-brace", line: 3 }]);
    expect(read('a "b\nc').found).toMatchObject([{ code: "unterminated-quote", line: 1, column: 3 }]);
  });
});

describe("keepalived.conf: includes", () => {
  it("reads matching files in place, sorted, each with its own name and lines", () => {
    const files = { "c/b.conf": "b1\n\nb2", "c/a.conf": "a" };
    expect(read("x\ninclude c/*.conf\ny", files).lines).toEqual([
      "main:1:1 x",
      "c/a.conf:1:1 a",
      "c/b.conf:1:1 b1",
      "c/b.conf:3:1 b2",
      "main:3:1 y",
    ]);
  });

  it("expands braces and reads nothing twice", () => {
    const files = { "a.conf": "a", "b.conf": "b" };
    expect(words("include {b,a}.conf", files)).toEqual(["b", "a"]);
    expect(words("include {a,*}.conf", files)).toEqual(["a", "b"]);
  });

  it.each([
    ["include", "no.conf", "warning", "Config files missing 'no.conf'."],
    ["includer", "no.conf", "warning", "Config files missing 'no.conf'."],
    ["includem", "no.conf", "fatal", "Config files missing 'no.conf'."],
    ["includew", "no*.conf", "fatal", "No config files matched 'no*.conf'."],
    ["includea", "no*.conf", "fatal", "No config files matched 'no*.conf'."],
    ["include", "{a,no}.conf", "warning", 'Some config files missing: "{a,no}.conf".'],
    ["includeb", "{a,no}.conf", "fatal", 'Some config files missing: "{a,no}.conf".'],
    ["includem", "{m,no}.conf", "warning", "Config files missing '{m,no}.conf'."],
  ])("%s %s: %s", (keyword, pattern, severity, message) => {
    const { found } = read(`${keyword} ${pattern}`, { "a.conf": "a" });
    expect(found).toMatchObject([{ severity, message, line: 1, column: keyword.length + 2 }]);
  });

  it("does not mind a wildcard that matches nothing", () => {
    expect(read("include no*.conf").found).toEqual([]);
  });

  it("refuses a file that includes itself, and files too deep inside each other", () => {
    const loop = read("include a", { a: "x\ninclude b", b: "include a" });
    expect(loop.lines).toEqual(["a:1:1 x"]);
    expect(loop.found).toMatchObject([{ code: "include-cycle", severity: "fatal", file: "b", hint: "a → b → a" }]);
    const deep = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, `include f${i + 1}`]));
    expect(read("include f0", deep).found).toMatchObject([{ code: "include-too-deep", severity: "fatal" }]);
  });

  it("goes on in the middle of a block and knows variables of other files", () => {
    expect(words("a {\ninclude v\n b $V\n}", { v: "$V=1\nc {" })).toEqual(["a", "{", "c", "{", "b|1", "}"]);
  });
});

describe("keepalived.conf: bounds", () => {
  it.each([
    ["a variable that contains itself", `$A=x\${A}\ny $A`],
    ["two that contain each other", `$A=\${B}\n$B=\${A}\ny $A`],
    ["a condition that comes back", "$A=@vm-a $A\n$A"],
    ["a sequence in itself", "$A=~SEQ(n, 1, 9) $A\n$A"],
    ["a long sequence", "~SEQ(n, 1, 2000000000) a $n"],
    ["sequences in each other", "~SEQ(n, 1, 60000) ~SEQ(m, 1, 60000) a $n $m"],
    ["lines that multiply", "$A=a \\\n $B \\\n $B\n$B=b \\\n $A \\\n $A\n$A"],
  ])("ends: %s", (_, text) => {
    const { lines, found } = read(text);
    expect(lines.length).toBeLessThanOrEqual(20_000);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(1001);
  });
});
