import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import { DROP_NAMES } from "../../src/switch/drop-cause.ts";
import { Ports } from "../../src/switch/ports.ts";
import { NO_VID, Vlans } from "../../src/switch/vlans.ts";

function aware() {
  const ports = new Ports(DROP_NAMES.length);
  const domain = ports.addDomain();
  const [a, b, c] = [1, 2, 3].map(() => ports.addPort(domain));
  const vlans = new Vlans(ports);
  vlans.makeAware(domain);
  return { ports, domain, vlans, a: a!, b: b!, c: c! };
}

describe("VLANs", () => {
  it("sort a frame by its tag, or by the port's PVID, and let in only what the port is a member of", () => {
    const { vlans, a, b } = aware();
    vlans.join(a, { vid: 10, pvid: true, untagged: true });
    vlans.join(a, { vid: 20 });
    expect([NO_VID, 10, 20, 30].map((vid) => vlans.classify(a, vid))).toEqual([10, 10, 20, NO_VID]);
    vlans.join(b, { vid: 20 });
    expect([NO_VID, 10, 20].map((vid) => vlans.classify(b, vid))).toEqual([NO_VID, NO_VID, 20]);
    expect(vlans.classify(b, 4095)).toBe(NO_VID);
  });

  it("are broadcast domains of their own, with their members as flood list", () => {
    const { ports, domain, vlans, a, b, c } = aware();
    vlans.join(c, { vid: 10 });
    vlans.join(a, { vid: 10, untagged: true });
    vlans.join(b, { vid: 20 });
    const [ten, twenty] = [vlans.domainOfVid(domain, 10), vlans.domainOfVid(domain, 20)];
    expect([vlans.vidOf(ten), vlans.vidOf(twenty), vlans.vidOf(domain)]).toEqual([10, 20, NO_VID]);
    expect([[...ports.members(ten)], [...ports.members(twenty)]]).toEqual([[a, c], [b]]);
    expect([vlans.leavesUntagged(a, 10), vlans.leavesUntagged(c, 10)]).toEqual([true, false]);
    expect([vlans.isMember(a, 10), vlans.isMember(a, 20)]).toEqual([true, false]);
    expect(vlans.domainsOf(c)).toEqual([ten]);
    vlans.leave(c, 10);
    expect([[...ports.members(ten)], vlans.domainsOf(c), vlans.isMember(c, 10)]).toEqual([[a], [], false]);
  });

  it("leave a port one PVID, the last that was named", () => {
    const { vlans, a } = aware();
    vlans.join(a, { vid: 10, pvid: true });
    vlans.join(a, { vid: 20, pvid: true });
    expect(vlans.classify(a, NO_VID)).toBe(20);
    vlans.join(a, { vid: 20 });
    expect(vlans.classify(a, NO_VID)).toBe(NO_VID);
    vlans.join(a, { vid: 10, pvid: true });
    vlans.leave(a, 10);
    expect(vlans.classify(a, NO_VID)).toBe(NO_VID);
  });

  it("are 1 to 4,094, in a domain that looks at tags", () => {
    const { ports, vlans, a } = aware();
    for (const vid of [0, 4095, -1]) expect(() => vlans.join(a, { vid })).toThrow(AssertionError);
    const elsewhere = ports.addPort(ports.addDomain());
    expect(() => vlans.join(elsewhere, { vid: 1 })).toThrow(AssertionError);
  });
});
