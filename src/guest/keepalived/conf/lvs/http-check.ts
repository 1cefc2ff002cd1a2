/** What `HTTP_GET` and `SSL_GET` have besides a connection: urls, and what is expected of them. */
import { readBlock } from "../blocks.ts";
import {
  ANY_WORDS,
  block,
  type Draft,
  flag,
  type Keyword,
  keywordTable,
  newDraft,
  optional,
  value,
} from "../keywords.ts";
import { readUnsigned } from "../values.ts";
import type { CheckerDraft } from "./checker-draft.ts";
import { count, named, truthOf } from "./keywords.ts";

const STATUS_MIN = 100;
const STATUS_MAX = 599;
/** MD5 in hexadecimal. */
const DIGEST_CHARACTERS = 32;

interface UrlDraft extends Draft {
  hasPath: boolean;
  hasDigest: boolean;
}

const URL_KEYWORDS = keywordTable<UrlDraft>({
  path: value((draft) => {
    draft.hasPath = true;
  }),
  digest: {
    ...value<UrlDraft>((draft, words, { findings }) => {
      const word = words[1]!;
      const { text } = word;
      const pair = (text.match(/../g) ?? []).findLastIndex((two) => !/^[\da-fA-F]{2}$/.test(two));
      if (draft.hasDigest) findings.error("duplicate-key", word, `Digest '${text}' is a duplicate`);
      else if (text.length !== DIGEST_CHARACTERS) {
        const message = `digest '${text}' character length should be ${DIGEST_CHARACTERS} rather than ${text.length}`;
        findings.error("invalid-value", word, message, "as genhash prints it");
      } else if (pair >= 0) {
        // keepalived has cut the text behind the digits that it cannot read.
        const shown = text.slice(0, 2 * pair + 2);
        const message = `Unable to interpret hex digit in '${shown}' at offset ${2 * pair}/${2 * pair + 1}`;
        findings.error("invalid-value", word, message, "as genhash prints it");
      } else draft.hasDigest = true;
    }),
    repeats: true,
  },
  status_code: optional((_, words, { findings }) => {
    for (const word of words.slice(1)) {
      const [first, last = first, ...more] = word.text.split("-");
      const [from, to] = [first, last].map((text) => readUnsigned(text!, STATUS_MIN, STATUS_MAX, false));
      if (more.length === 0 && from!.problem === null && to!.problem === null && from!.value <= to!.value) continue;
      const message = `Invalid HTTP_GET status code '${word.text}'`;
      findings.error("invalid-number", word, message, `${STATUS_MIN} to ${STATUS_MAX}, or 200-299`);
    }
  }, ANY_WORDS),
  virtualhost: named("Missing HTTP_GET virtualhost name"),
  regex: optional(() => {}, ANY_WORDS),
  regex_no_match: flag(() => {}),
  regex_options: optional(() => {}, ANY_WORDS),
  regex_min_offset: optional(() => {}),
  regex_max_offset: optional(() => {}),
  regex_stack: optional(() => {}, 2),
});

export const HTTP_KEYWORDS: Readonly<Record<string, Keyword<CheckerDraft>>> = {
  nb_get_retry: optional((draft, words, context, statement) => {
    const message = "nb_get_retry is deprecated - please use 'retry'";
    context.findings.error("deprecated", words[0]!, message, "retry 3");
    if (words.length > 1)
      count<CheckerDraft>(0, (text) => `Invalid nb_get_retry value '${text}'`).read(draft, words, context, statement);
  }),
  virtualhost: named("HTTP_GET virtualhost name missing"),
  http_protocol: optional((_, words, { findings }) => {
    const word = words[1];
    if (word === undefined)
      findings.error("missing-parameter", words[0]!, "Missing http_protocol version", "1.0, 1.0C or 1.1");
    else if (!["1.0", "1.1", "1.0C", "1.0c"].includes(word.text))
      findings.error("invalid-value", word, `Invalid http_protocol version ${word.text}`, "1.0, 1.0C or 1.1");
  }),
  enable_sni: truthOf("enable_sni"),
  fast_recovery: truthOf("fast_recovery"),
  url: block((draft, words, context) => {
    const url: UrlDraft = { ...newDraft("url"), hasPath: false, hasDigest: false };
    readBlock(URL_KEYWORDS, url, context);
    if (url.hasPath) draft.urls++;
    else if (!url.mistakes.has("path")) {
      const message = "HTTP/SSL_GET checker url has no path - ignoring";
      draft.mistakes.set("url", context.findings.error("url-without-path", words[0]!, message, "path /"));
    }
    return true;
  }),
};
