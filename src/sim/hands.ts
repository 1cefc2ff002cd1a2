/**
 * What people, programs and scripts do on hosts of a network: commands, traffic, frames put on the wire, answers in anybody's name. All of
 * it takes effect now, or once a machine that stands still goes on; a machine that is down does nothing.
 */
import { type HostCommand, runCommand } from "../host/command.ts";
import type { Host } from "../host/host.ts";
import type { Nic } from "../host/nic.ts";
import { ScriptedAnswers, type ScriptedHolder } from "../host/scripted-answers.ts";
import { Traffic, type TrafficOptions } from "../host/traffic.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { refusal } from "./options.ts";

export class Hands {
  readonly #host: (name: string) => Host;

  /** `host` finds one by its name; a ConfigError if there is none. */
  constructor(host: (name: string) => Host) {
    this.#host = host;
  }

  /** What a person types. A ConfigError if it names a NIC that the host does not have. */
  type(host: string, command: HostCommand): void {
    if ("nic" in command && command.nic !== null && !(command.what === "address" && command.nic === "lo"))
      this.#nic(host, command.nic);
    this.#whenAwake(host, (machine) => runCommand(machine, command));
  }

  /** Begins to send datagrams or echo requests. */
  traffic(host: string, options: TrafficOptions): void {
    this.#whenAwake(host, (machine) => new Traffic(machine, options));
  }

  /** Puts exactly these octets on the wire: from the destination MAC on, without FCS, at most as many as a slot of the slab has. */
  send(host: string, nic: string, frame: Uint8Array): void {
    const from = this.#nic(host, nic);
    const { slab } = from.host.platform;
    if (frame.length < 14 || frame.length > slab.slotOctets)
      throw refusal(`a frame of ${frame.length} octets from ${host}`, `a frame has 14 to ${slab.slotOctets} octets`);
    this.#whenAwake(host, () => from.sendOctets(frame));
  }

  /** From now on the host answers questions for the address so, on this NIC, until it is down; nobody answers if there are no holders. */
  answer(host: string, nic: string, address: IpAddress, holders: readonly ScriptedHolder[]): void {
    const at = this.#nic(host, nic);
    this.#whenAwake(host, () => {
      at.answers ??= new ScriptedAnswers(at);
      at.answers.answer(address, holders);
    });
  }

  #whenAwake(name: string, action: (host: Host) => void): void {
    const host = this.#host(name);
    if (host.running) host.whenAwake(() => action(host));
  }

  #nic(host: string, name: string): Nic {
    const { nics } = this.#host(host);
    const nic = nics.find((candidate) => candidate.name === name);
    if (nic === undefined)
      throw refusal(`${host} has no NIC ${name}`, `its NICs: ${nics.map((other) => other.name).join(", ") || "none"}`);
    return nic;
  }
}
