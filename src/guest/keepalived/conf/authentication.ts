/** `authentication { auth_type PASS; auth_pass … }` of VRRP version 2 (RFC 2338 section 5.3.6). */
import type { InstanceDraft } from "./instance-draft.ts";
import { type Draft, type KeywordTable, keywordTable, value } from "./keywords.ts";

/** Octets of the password in an advert. */
export const AUTH_PASS_OCTETS = 8;

export interface AuthenticationDraft extends Draft {
  readonly instance: InstanceDraft;
}

export const AUTHENTICATION_KEYWORDS: KeywordTable<AuthenticationDraft> = keywordTable<AuthenticationDraft>({
  auth_type: value(({ instance }, words, { findings }) => {
    const word = words[1]!;
    if (word.text === "PASS" || word.text === "AH") {
      instance.authType = word.text;
      return;
    }
    const message = `(${instance.name}) unknown authentication type '${word.text}'`;
    instance.mistakes.set("auth_pass", findings.error("invalid-value", word, message, "PASS or AH"));
  }),
  auth_pass: value(({ instance }, words, { findings }, { cutInWord }) => {
    const word = words[1]!;
    const password = utf8(word.text);
    if (password.length > AUTH_PASS_OCTETS)
      findings.error(
        "password-too-long",
        word,
        `Truncating auth_pass to ${AUTH_PASS_OCTETS} characters`,
        "only the first 8 octets go out; shorten it on every node",
      );
    instance.authPass = new Uint8Array(AUTH_PASS_OCTETS);
    instance.authPass.set(password.slice(0, AUTH_PASS_OCTETS));
    if (cutInWord !== null)
      findings.warning(
        "comment-in-value",
        cutInWord,
        "The password ends here: a comment begins",
        '"…" around it keeps # and !',
      );
  }),
});

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
