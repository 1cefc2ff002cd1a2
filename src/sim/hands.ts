/**
 * What people, programs and scripts do on hosts of a network: commands, traffic, frames put on the wire, answers in anybody's name. All of
 * it takes effect now, or once a machine that stands still goes on; a machine that is down does nothing.
 */
import { type HostCommand, runCommand } from "../host/command.ts";
import type { Host } from "../host/host.ts";
import type { Nic } from "../host/nic.ts";
import { ONCE, type Pace, Repeater } from "../host/repeater.ts";
import { ScriptedAnswers, type ScriptedHolder } from "../host/scripted-answers.ts";
import { sendTraffic, type TrafficOptions } from "../host/traffic.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import { refusal } from "./options.ts";

/** Finds machines and their vNICs by name; a ConfigError if there is none. */
export interface Machines {
  host(name: string): Host;
  nic(host: string, name: string): Nic;
}

export class Hands {
  readonly #machines: Machines;
  readonly #onAnswer: (host: string, text: string) => void;

  /** `onAnswer` is told what a terminal shows whose command has failed. */
  constructor(machines: Machines, onAnswer: (host: string, text: string) => void) {
    this.#machines = machines;
    this.#onAnswer = onAnswer;
  }

  /** What a person types; if it fails, a note tells what the terminal shows. A ConfigError if it names a NIC that the host does not have. */
  type(host: string, command: HostCommand): void {
    if ("nic" in command && command.nic !== null && !(command.what === "address" && command.nic === "lo"))
      this.#machines.nic(host, command.nic);
    this.#whenAwake(host, (machine) => {
      const shown = runCommand(machine, command);
      if (shown !== null) this.#onAnswer(host, shown);
    });
  }

  /** Begins to send datagrams or echo requests. */
  traffic(host: string, options: TrafficOptions): void {
    this.#whenAwake(host, (machine) => sendTraffic(machine, options));
  }

  /**
   * Puts exactly these octets on the wire, once or as often as said: from the destination MAC on, without FCS, at most as many as a slot of
   * the slab has. `composeFrame` makes them of a description.
   */
  send(host: string, nic: string, frame: Uint8Array, pace: Pace = ONCE): void {
    const from = this.#machines.nic(host, nic);
    const { slab } = from.host.platform;
    if (frame.length < ETHERNET_OCTETS || frame.length > slab.slotOctets)
      throw refusal(
        `a frame of ${frame.length} octets from ${host}`,
        `a frame has ${ETHERNET_OCTETS} to ${slab.slotOctets} octets`,
      );
    this.#whenAwake(host, (machine) => new Repeater(machine, pace, () => from.sendOctets(frame)));
  }

  /** From now on the host answers questions for the address so, on this NIC, until it is down; nobody answers if there are no holders. */
  answer(host: string, nic: string, address: IpAddress, holders: readonly ScriptedHolder[]): void {
    const at = this.#machines.nic(host, nic);
    this.#whenAwake(host, () => {
      at.answers ??= new ScriptedAnswers(at);
      at.answers.answer(address, holders);
    });
  }

  #whenAwake(name: string, action: (host: Host) => void): void {
    const host = this.#machines.host(name);
    if (host.running) host.whenAwake(() => action(host));
  }
}
