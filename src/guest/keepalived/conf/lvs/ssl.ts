/** `SSL`: what checkers over TLS present and trust. */
import { type Draft, type Keyword, type KeywordTable, keywordTable, newDraft, optional } from "../keywords.ts";

export interface SslDraft extends Draft {
  /** Keywords that have a value. */
  readonly given: Set<string>;
}

/** By keyword: what keepalived calls it. */
const FILES: Readonly<Record<string, string>> = {
  password: "password",
  ca: "cafile",
  certificate: "certfile",
  key: "keyfile",
};

export function newSslDraft(): SslDraft {
  return { ...newDraft("SSL"), given: new Set() };
}

function file(key: string, type: string): Keyword<SslDraft> {
  return {
    ...optional<SslDraft>((draft, words, { findings }) => {
      const at = words[0]!;
      if (words.length < 2) findings.error("missing-parameter", at, `SSL ${type} missing`, `${key} needs a value`);
      else if (draft.given.has(key))
        findings.error("duplicate-key", at, `SSL ${type} already specified - replacing`, "the last one counts");
      else draft.given.add(key);
    }),
    repeats: true,
  };
}

export const SSL_KEYWORDS: KeywordTable<SslDraft> = keywordTable<SslDraft>(
  Object.fromEntries(Object.entries(FILES).map(([key, type]) => [key, file(key, type)])),
);
