/** The keywords about gratuitous ARP that `global_defs` and `vrrp_instance` share, less their prefix `vrrp_`. */
import type { Keyword } from "./keywords.ts";
import { type Draft, number } from "./keywords.ts";
import { INT_MAX, readUnsigned, SECONDS_MAX, UINT_MAX } from "./values.ts";

/** Null where nothing is written: the wider setting holds. */
export interface GarpSettings {
  garpMasterDelayS: number | null;
  garpMasterRepeat: number | null;
  garpMasterRefreshS: number | null;
  garpMasterRefreshRepeat: number | null;
  garpLowerPrioDelayS: number | null;
  garpLowerPrioRepeat: number | null;
  downTimerAdverts: number | null;
}

export const NO_GARP_SETTINGS: Readonly<GarpSettings> = {
  garpMasterDelayS: null,
  garpMasterRepeat: null,
  garpMasterRefreshS: null,
  garpMasterRefreshRepeat: null,
  garpLowerPrioDelayS: null,
  garpLowerPrioRepeat: null,
  downTimerAdverts: null,
};

/** `prefix` is `vrrp_` in `global_defs`; `who` begins the messages. */
export function garpKeywords<D extends Draft & GarpSettings>(
  prefix: string,
  who: (draft: D) => string,
): Record<string, Keyword<D>> {
  const seconds = (key: string, field: "garpMasterDelayS" | "garpLowerPrioDelayS") =>
    number<D>({
      read: (text) => readUnsigned(text, 0, SECONDS_MAX, true),
      set: (draft, value) => {
        draft[field] = value;
      },
      invalid: (draft, text) => `${who(draft)}${prefix}${key} '${text}' invalid - ignoring`,
      hint: `whole seconds, 0 to ${SECONDS_MAX}`,
    });
  return {
    [`${prefix}garp_master_delay`]: seconds("garp_master_delay", "garpMasterDelayS"),
    [`${prefix}garp_lower_prio_delay`]: seconds("garp_lower_prio_delay", "garpLowerPrioDelayS"),
    [`${prefix}garp_master_repeat`]: repeats(prefix, "garp_master_repeat", "garpMasterRepeat", who),
    [`${prefix}garp_master_refresh_repeat`]: repeats(
      prefix,
      "garp_master_refresh_repeat",
      "garpMasterRefreshRepeat",
      who,
    ),
    [`${prefix}garp_master_refresh`]: number<D>({
      read: (text) => readUnsigned(text, 0, UINT_MAX, true),
      set: (draft, value) => {
        draft.garpMasterRefreshS = value;
      },
      reset: (draft) => {
        draft.garpMasterRefreshS = 0;
      },
      invalid: (draft, text) => `${who(draft)}Invalid ${prefix}garp_master_refresh '${text}' - ignoring`,
      hint: "whole seconds; 0 is never",
    }),
    [`${prefix}garp_lower_prio_repeat`]: number<D>({
      read: (text) => readUnsigned(text, 0, INT_MAX, true),
      set: (draft, value) => {
        draft.garpLowerPrioRepeat = value;
      },
      invalid: (draft, text) => `${who(draft)}Invalid ${prefix}garp_lower_prio_repeat '${text}'`,
      hint: "a whole number; 0 is never",
    }),
    [`${prefix}down_timer_adverts`]: number<D>({
      read: (text) => readUnsigned(text, 1, 100, true),
      set: (draft, value) => {
        draft.downTimerAdverts = value;
      },
      invalid: (draft, text) => `${who(draft)}Invalid ${prefix}down_timer_adverts [1:100] '${text}'`,
      hint: "a whole number from 1 to 100",
    }),
  };
}

function repeats<D extends Draft & GarpSettings>(
  prefix: string,
  key: string,
  field: "garpMasterRepeat" | "garpMasterRefreshRepeat",
  who: (draft: D) => string,
): Keyword<D> {
  const plain = number<D>({
    read: (text) => {
      const read = readUnsigned(text, 0, UINT_MAX, true);
      return read.usable && read.value === 0 ? { ...read, value: 1, shown: "1" } : read;
    },
    set: (draft, value) => {
      draft[field] = value;
    },
    invalid: (draft, text) => `${who(draft)}${prefix}${key} '${text}' invalid - ignoring`,
    hint: "a whole number from 1 on",
  });
  return {
    ...plain,
    read: (draft, words, context, statement) => {
      plain.read(draft, words, context, statement);
      if (readUnsigned(words[1]!.text, 0, 0, false).problem === null)
        context.findings.error(
          "invalid-number",
          words[1]!,
          `${who(draft)}${prefix}${key} must be greater than 0, setting to 1`,
          "a whole number from 1 on",
        );
    },
  };
}
