/** Nobody's text becomes markup. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { element, escaped, together, trusted } from "../../src/page/markup.ts";

describe("markup", () => {
  it("escapes what stands between tags and in attributes", () => {
    const made = element("a", { title: `"'<&>`, hidden: true, id: null, "data-n": 3, off: false }, "<b>&", null);
    expect(made.html).toBe(`<a title="&quot;&#39;&lt;&amp;&gt;" hidden data-n="3">&lt;b&gt;&amp;</a>`);
  });

  it("takes in what it made itself as it is", () => {
    expect(element("p", {}, element("br"), together("<", trusted("<i>"))).html).toBe("<p><br>&lt;<i></p>");
  });

  it("shows what nobody would see, or what would turn the line round", () => {
    expect(escaped("a\u0000b\u001b[31m\u202ec\u2028\ud800d\ufeff")).toBe(
      "a\\u0000b\\u001b[31m\\u202ec\\u2028\\ud800d\\ufeff",
    );
    expect(escaped("two\nlines, 東京, 😀")).toBe("two\nlines, 東京, 😀");
  });

  it("leaves no character of any text that could act", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escaped(text)).not.toMatch(/[<>"'\u202a-\u202e]|(?!\n)\p{Cc}/u);
      }),
    );
  });
});
