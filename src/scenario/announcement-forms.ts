/** The forms in which an address is announced, by the words that `announce` has for them; who sends each is in topologies/README.md. */

export const ANNOUNCEMENT_FORMS = {
  "garp-request": "ARP request, sender and target address the same, target MAC everybody's",
  "garp-request-own": "the same, target MAC the sender's",
  "garp-reply": "ARP reply, sender and target address the same, target MAC the sender's",
  "garp-reply-broadcast": "the same, target MAC everybody's",
  "arp-reply": "ARP reply to one host",
  "arp-request": "question for another address, asked from this one",
  "arp-probe": "question for the address, asked by nobody",
  na: "neighbour advertisement to all, override; with `to` a solicited one to that host",
  "na-no-override": "the same without the flag `override`",
  vrrp: "VRRP advertisement from the virtual router's MAC",
  carp: "CARP advertisement from ucarp's virtual MAC",
} as const;

export type AnnouncementForm = keyof typeof ANNOUNCEMENT_FORMS;

export const FORM_NAMES = Object.keys(ANNOUNCEMENT_FORMS) as [AnnouncementForm, ...AnnouncementForm[]];
