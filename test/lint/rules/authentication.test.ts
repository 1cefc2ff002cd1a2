/** Passwords as they go out. */
import { describe, expect, it } from "vitest";
import { AUTHENTICATION_RULES } from "../../../src/lint/rules/authentication.ts";
import { conf } from "./conf.ts";
import { findingsOf } from "./findings-of.ts";

const pass = (password: string, lines = "") =>
  conf(`${lines}\nauthentication {\nauth_type PASS\nauth_pass ${password}\n}`);
const AH = conf("authentication {\nauth_type AH\nauth_pass secret\n}");

function rulesOf(...texts: string[]): string[] {
  const named = Object.fromEntries(texts.map((text, i) => [`vm-${"abc"[i]}`, text]));
  return findingsOf(AUTHENTICATION_RULES, named).map(({ rule }) => rule);
}

describe("authentication that differs (check 9)", () => {
  it("is an error, and shows no password", () => {
    const found = findingsOf(AUTHENTICATION_RULES, { "vm-a": pass("s3cret-a"), "vm-b": pass("s3cret-b") });
    expect(found).toEqual([
      {
        rule: "authentication-differs",
        severity: "error",
        place: "vm-b:8:11",
        message: "auth_pass of vm-b is not that of vm-a: their first 8 characters differ",
        why: "Each drops the other's adverts: 3.609 s after its start vm-b is master beside vm-a, and both hold the address.",
        fix: "the same auth_pass on vm-b and vm-a, of 8 characters at most",
        related: ["vm-a:8:11: vm-a has auth_type PASS"],
      },
    ]);
    expect(JSON.stringify(found)).not.toContain("s3cret");
  });

  it("says which kind each has", () => {
    const message = (a: string, b: string) =>
      findingsOf(AUTHENTICATION_RULES, { "vm-a": a, "vm-b": b }).map((finding) => finding.message);
    expect(message(pass("1111"), conf(""))).toEqual(["vm-b has no authentication, and vm-a has auth_type PASS"]);
    expect(message(conf(""), pass("1111"))).toEqual(["vm-b has auth_type PASS, and vm-a has no authentication"]);
    expect(message(pass("secret"), AH)).toEqual(["vm-b has auth_type AH, and vm-a has auth_type PASS"]);
  });

  it("blames the one of three that is alone", () => {
    const found = findingsOf(AUTHENTICATION_RULES, { "vm-a": pass("x"), "vm-b": pass("1111"), "vm-c": pass("1111") });
    expect(found).toMatchObject([{ place: "vm-a:8:11", related: ["vm-b:8:11: vm-b has auth_type PASS"] }]);
  });

  it("is silent for one password, for what differs behind its 8th octet, and for AH on both", () => {
    expect(rulesOf(pass("1111"), pass("1111"))).toEqual([]);
    expect(rulesOf(pass("12345678"), pass("12345678-b"))).toEqual([]);
    expect(rulesOf(AH, AH)).toEqual([]);
    expect(rulesOf(conf(""), conf(""))).toEqual([]);
  });

  it("is silent about version 3, which has none, and about what the parser says is ignored", () => {
    expect(rulesOf(pass("1111"), conf("version 3"))).toEqual([]);
    expect(rulesOf(pass("1111"), conf("strict_mode\nauthentication {\nauth_type PASS\nauth_pass 1111\n}"))).toEqual([]);
  });
});

describe("single quotes around a password (check 10)", () => {
  it("are a part of it", () => {
    expect(findingsOf(AUTHENTICATION_RULES, { "vm-a": pass("'1111'") })).toMatchObject([
      {
        rule: "password-quoted",
        severity: "warning",
        place: "vm-a:8:11",
        message: "The single quotes around auth_pass of VI_1 are part of the password",
      },
    ]);
    expect(rulesOf(pass("'123456789'"))).toEqual(["password-quoted"]);
  });

  it("no word about double quotes, about one quote in the middle, or where a blank cuts it, which the parser reports", () => {
    expect(rulesOf(pass('"11 11"'))).toEqual([]);
    expect(rulesOf(pass("it's"))).toEqual([]);
    expect(rulesOf(pass("'a b'"))).toEqual([]);
  });
});
