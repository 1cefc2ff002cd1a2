/** The checkers of a `real_server`: how keepalived finds out whether it works. What they would find is not simulated. */

import { formatIp } from "../../../../wire/address.ts";
import { INTERFACE_NAME_MAX } from "../addresses.ts";
import { BFD_NAME_MAX } from "../bfd.ts";
import { readBlock } from "../blocks.ts";
import { splitCommand } from "../command.ts";
import type { Context } from "../context.ts";
import {
  ANY_WORDS,
  type BlockKeyword,
  block,
  flag,
  type Keyword,
  type KeywordTable,
  keywordTable,
  type LineKeyword,
  optional,
  value,
} from "../keywords.ts";
import type { Word } from "../statement.ts";
import { readInteger, UINT_MAX } from "../values.ts";
import { type CheckerDraft, newCheckerDraft } from "./checker-draft.ts";
import { HTTP_KEYWORDS } from "./http-check.ts";
import { count, named, timer, truthOf } from "./keywords.ts";
import { leadingAddress, PORT_MAX, type RealServerDraft, shownEndpoint } from "./servers.ts";

const WEIGHT_MAX = 0x7fff_ffff;
const DNS_TYPES = ["A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY"];

/** `connect_ip` and `bindto`: addresses of one family. */
function endOf(key: "connect_ip" | "bindto", other: "connect_ip" | "bindto"): LineKeyword<CheckerDraft> {
  return value((draft, words, { findings }) => {
    const word = words[1]!;
    const address = leadingAddress(word.text);
    const opposite = draft.ends.get(other);
    if (address === null)
      findings.error("invalid-address", word, `Invalid ${key} address ${word.text} - ignoring`, "as 10.0.1.60");
    else if (opposite !== undefined && opposite.length !== address.length) {
      const message = `${key} address ${word.text} does not match address family of ${other} - skipping`;
      findings.error("wrong-family", word, message);
    } else draft.ends.set(key, address);
  });
}

const COMMON: Readonly<Record<string, Keyword<CheckerDraft>>> = {
  retry: count(0, (text) => `Invalid retry connection value '${text}'`),
  delay_before_retry: timer(0, (text) => `Invalid delay_before_retry connection value '${text}'`),
  warmup: timer(0, (text) => `Invalid warmup connection value '${text}'`),
  delay_loop: timer(1, (text) => `delay_loop '${text}' is invalid - ignoring`),
  alpha: truthOf("alpha"),
  log_all_failures: truthOf("log_all_failures"),
};

const CONNECTION: Readonly<Record<string, Keyword<CheckerDraft>>> = {
  ...COMMON,
  connect_ip: endOf("connect_ip", "bindto"),
  connect_port: count(1, (text) => `Invalid checker connect_port '${text}'`, undefined, { max: PORT_MAX }),
  bindto: endOf("bindto", "connect_ip"),
  bind_port: count(1, (text) => `Invalid checker bind_port '${text}'`, undefined, { max: PORT_MAX }),
  bind_if: value((draft, words, { findings }) => {
    const word = words[1]!;
    if (word.text.length <= INTERFACE_NAME_MAX) draft.hasInterface = true;
    else {
      const message = `Interface name ${word.text} is too long - ignoring`;
      findings.error("invalid-value", word, message, `at most ${INTERFACE_NAME_MAX} characters`);
    }
  }),
  connect_timeout: timer(1, (text) => `connect_timeout ${text} invalid - ignoring`, UINT_MAX),
  fwmark: count(0, (text) => `Invalid fwmark connection value '${text}'`),
};

/** A link-local address needs the interface that it is on. */
function checkEnds(draft: CheckerDraft, keyword: Word, { findings }: Context): void {
  const to = draft.ends.get("connect_ip");
  if (to === undefined || to.length === 4 || to[0] !== 0xfe || (to[1]! & 0xc0) !== 0x80 || draft.hasInterface) return;
  const message = `Checker link local address ${formatIp(to)} requires a bind_if`;
  findings.error("missing-parameter", keyword, message, "bind_if eth0");
}

/** A checker's block; `close` judges it as a whole. */
function checker(
  table: KeywordTable<CheckerDraft>,
  close: (draft: CheckerDraft, keyword: Word, context: Context, server: RealServerDraft) => void = () => {},
): BlockKeyword<RealServerDraft> {
  return block((server, words, context) => {
    const keyword = words[0]!;
    const draft = newCheckerDraft(keyword.text);
    readBlock(table, draft, context);
    checkEnds(draft, keyword, context);
    close(draft, keyword, context, server);
    return true;
  });
}

const SMTP_KEYWORDS = keywordTable<CheckerDraft>({
  ...CONNECTION,
  helo_name: named("SMTP_CHECK helo name missing"),
  host: block((_, words, context) => {
    const host = newCheckerDraft("host");
    readBlock(keywordTable(CONNECTION), host, context);
    checkEnds(host, words[0]!, context);
    return true;
  }),
});

const DNS_KEYWORDS = keywordTable<CheckerDraft>({
  ...CONNECTION,
  type: value((_, words, { findings }) => {
    const word = words[1]!;
    if (DNS_TYPES.includes(word.text.toUpperCase())) return;
    findings.error("invalid-value", word, `Unknown DNS check type ${word.text} - ignoring`, DNS_TYPES.join(", "));
  }),
  name: {
    ...value<CheckerDraft>((draft, words, { findings }) => {
      const word = words[1]!;
      if (draft.target !== null)
        findings.error("duplicate-key", word, "DNS_CHECK name already specified - ignoring", "the first one counts");
      else if (/^\../.test(word.text) || word.text.includes(".."))
        findings.error(
          "invalid-value",
          word,
          `DNS_CHECK name '${word.text}' has empty label - ignoring`,
          "as example.org",
        );
      else draft.target = word.text;
    }),
    repeats: true,
  },
});

const MISC_KEYWORDS = keywordTable<CheckerDraft>({
  ...COMMON,
  misc_path: optional((draft, words, { findings }, statement) => {
    const command = splitCommand(statement.raw);
    if (typeof command === "string") {
      draft.mistakes.set(
        "misc_path",
        statement.unterminated ?? findings.error("unterminated-quote", words[0]!, command),
      );
    } else draft.target = command[1] ?? null;
  }),
  misc_timeout: count(0, (text) => `Invalid misc_timeout value '${text}'`, undefined, {
    max: Math.floor(UINT_MAX / 1e6),
  }),
  misc_dynamic: flag(() => {}),
  user: named("No user specified for misc checker script", 2),
});

/** Hexadecimal digits in pairs, blanks between them; `x` in a reply stands for any. */
function hex(what: string, isReply: boolean): LineKeyword<CheckerDraft> {
  return optional((_, words, { findings }) => {
    const digits = words
      .slice(1)
      .map(({ text }) => text)
      .join("");
    if (words.length < 2) {
      if (!isReply)
        findings.error("missing-parameter", words[0]!, "UDP_CHECK payload requires a payload", "payload 0102ff");
    } else if (digits.length % 2 === 1 || !(isReply ? /^[\da-fA-FxX]+$/ : /^[\da-fA-F]+$/).test(digits))
      findings.error("invalid-value", words[1]!, `Invalid hex string for UDP_CHECK ${what}`, "as 0102ff");
  }, ANY_WORDS);
}

const length = (which: "min" | "max") =>
  count<CheckerDraft>(
    0,
    (text) => `UDP_CHECK ${which} length ${text} not valid - must be between 0 & ${PORT_MAX}`,
    (draft, octets) => {
      if (which === "min") draft.minOctets = octets;
      else draft.maxOctets = octets;
    },
    { max: PORT_MAX, strict: true },
  );

const UDP_KEYWORDS = keywordTable<CheckerDraft>({
  ...CONNECTION,
  payload: hex("payload", false),
  require_reply: hex("reply", true),
  min_reply_length: length("min"),
  max_reply_length: length("max"),
});

const FILE_KEYWORDS = keywordTable<CheckerDraft>({
  track_file: value((draft, words, { trackFiles, lost, findings }) => {
    const word = words[1]!;
    if (trackFiles.has(word.text) || lost.has(`track_file ${word.text}`)) draft.target = word.text;
    else {
      const mistake = findings.error("track-file-not-found", word, `track_file ${word.text} not found`, "before this");
      draft.mistakes.set("track_file", mistake);
    }
  }),
  weight: optional((_, words, { findings }) => {
    const [key, number, direction] = words;
    if (number === undefined) {
      findings.error("missing-parameter", key!, "track file weight missing", "weight 1");
      return;
    }
    const { problem } = readInteger(number.text, -WEIGHT_MAX, WEIGHT_MAX);
    if (problem !== null) {
      const message = `weight for track file must be in [-${WEIGHT_MAX}..${WEIGHT_MAX}] inclusive. Ignoring...`;
      findings.error("invalid-number", number, message, problem);
    } else if (direction !== undefined && direction.text !== "reverse" && direction.text !== "noreverse") {
      const message = `unknown track file weight option ${direction.text} - ignoring`;
      findings.error("invalid-value", direction, message, "reverse or noreverse");
    }
  }, 2),
});

const BFD_KEYWORDS = keywordTable<CheckerDraft>({
  name: {
    ...optional<CheckerDraft>((draft, words, context) => readBfdName(draft, words, context), ANY_WORDS),
    repeats: true,
  },
  alpha: truthOf("alpha"),
});

function readBfdName(draft: CheckerDraft, words: readonly Word[], { trackBfds, findings }: Context): void {
  const name = words[1];
  const server = draft.server === null ? "" : shownEndpoint(draft.server.endpoint, draft.server.virtual.protocol);
  const refuse = (code: string, at: Word, message: string, hint: string) => {
    draft.mistakes.set("name", findings.error(code, at, `(${server}) BFD_CHECK - ${message}`, hint));
  };
  if (name === undefined || words.length > 2)
    refuse("invalid-value", words[0]!, "No or too many names specified - skipping checker", "name NAME");
  else if (name.text.length > BFD_NAME_MAX || !trackBfds.has(name.text))
    refuse("bfd-not-found", name, `BFD ${name.text} not configured`, `bfd_instance ${name.text} { … } before this`);
  else if (draft.target !== null)
    refuse("duplicate-key", name, `BFD ${name.text} already specified as ${draft.target}`, "the first one counts");
  else if (draft.server?.bfds.has(name.text) === true)
    refuse("duplicate-item", name, `RS already monitoring ${name.text}`, "one BFD_CHECK for a session");
  else {
    draft.target = name.text;
    draft.server?.bfds.add(name.text);
  }
}

/** By keyword. */
export const CHECKERS: Readonly<Record<string, BlockKeyword<RealServerDraft>>> = {
  TCP_CHECK: checker(keywordTable(CONNECTION)),
  PING_CHECK: checker(keywordTable(CONNECTION)),
  HTTP_GET: checker(keywordTable({ ...CONNECTION, ...HTTP_KEYWORDS }), closeHttp),
  SSL_GET: checker(keywordTable({ ...CONNECTION, ...HTTP_KEYWORDS }), closeHttp),
  SMTP_CHECK: checker(SMTP_KEYWORDS),
  DNS_CHECK: checker(DNS_KEYWORDS),
  MISC_CHECK: checker(MISC_KEYWORDS, (draft, keyword, { findings }) => {
    if (draft.target !== null || draft.mistakes.has("misc_path")) return;
    const message = "No script path has been specified for MISC_CHECKER - skipping";
    findings.error("checker-without-script", keyword, message, 'misc_path "/path/to/check arguments"');
  }),
  UDP_CHECK: checker(UDP_KEYWORDS, ({ minOctets, maxOctets }, keyword, { findings }) => {
    if (minOctets <= maxOctets) return;
    const message = `UDP_CHECK min_reply length ${minOctets} > max_reply_length ${maxOctets} - will always fail`;
    findings.error("invalid-number", keyword, message, "max_reply_length is 255 unless written");
  }),
  FILE_CHECK: checker(FILE_KEYWORDS, (draft, keyword, { findings }) => {
    if (draft.target !== null || draft.mistakes.has("track_file")) return;
    const message = "FILE_CHECK has no track_file specified - ignoring";
    findings.error("checker-without-file", keyword, message, "track_file NAME");
  }),
  BFD_CHECK: block((server, words, context) => {
    const draft = newCheckerDraft("BFD_CHECK", server);
    readBlock(BFD_KEYWORDS, draft, context);
    if (draft.target === null && !draft.mistakes.has("name")) {
      const shown = shownEndpoint(server.endpoint, server.virtual.protocol);
      const message = `(${shown}) No name has been specified for BFD_CHECKER - skipping`;
      context.findings.error("checker-without-bfd", words[0]!, message, "name NAME");
    }
    return true;
  }),
};

function closeHttp(draft: CheckerDraft, keyword: Word, { findings }: Context): void {
  if (draft.urls > 0 || draft.mistakes.has("url")) return;
  const message = "HTTP/SSL_GET checker has no urls specified - ignoring";
  findings.error("checker-without-url", keyword, message, "url { path / }, each on its line");
}
