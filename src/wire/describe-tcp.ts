/** TCP segments in one line, for `describeFrame`. */
import { PARSE_BAD_CHECKSUM, PARSE_OK, parseNote } from "./parse-code.ts";
import {
  checkTcp,
  TCP_ACK,
  TCP_FIN,
  TCP_OCTETS,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  tcpAcknowledgment,
  tcpChecksumIsOffloaded,
  tcpDestinationPort,
  tcpFlags,
  tcpHeaderOctets,
  tcpSequence,
  tcpSourcePort,
} from "./tcp.ts";

const FLAG_NAMES: readonly (readonly [flag: number, name: string])[] = [
  [TCP_SYN, "SYN"],
  [TCP_FIN, "FIN"],
  [TCP_RST, "RST"],
  [TCP_PSH, "PSH"],
  [TCP_ACK, "ACK"],
];

/** `TCP 40000 > 80 SYN ACK, seq 1, ack 2, length 0`: the length is the data's. */
export function describeTcp(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): string {
  const code = checkTcp(bytes, offset, octets, ipOffset);
  if (code !== PARSE_OK && code !== PARSE_BAD_CHECKSUM) return `TCP${parseNote(code)}, length ${octets}`;
  const isOffloaded = code === PARSE_BAD_CHECKSUM && tcpChecksumIsOffloaded(bytes, offset, octets, ipOffset);
  const note = isOffloaded ? " [checksum offloaded]" : parseNote(code);
  const flags = tcpFlags(bytes, offset);
  const names = FLAG_NAMES.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => ` ${name}`);
  const ports = `${tcpSourcePort(bytes, offset)} > ${tcpDestinationPort(bytes, offset)}`;
  const ack = (flags & TCP_ACK) === 0 ? "" : `, ack ${tcpAcknowledgment(bytes, offset) >>> 0}`;
  const data = Math.max(0, octets - Math.max(TCP_OCTETS, tcpHeaderOctets(bytes, offset)));
  return `TCP ${ports}${names.join("")}, seq ${tcpSequence(bytes, offset) >>> 0}${ack}, length ${data}${note}`;
}
