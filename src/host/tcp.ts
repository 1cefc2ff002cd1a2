/**
 * The TCP of one host: to whom a segment belongs. Connections are found by their four ends, those that this host opens get a port of
 * their own; a SYN for anything else is for the server that listens at every port and answers as many octets as it is sent, as an
 * echo service does. What belongs to nothing is refused with RST: so a client learns that the address has moved to a host that knows nothing of its connection.
 */
import { copyBytes } from "../base/bytes.ts";
import type { FrameRef } from "../base/ids.ts";
import { Prng } from "../base/prng.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { IPV4_DESTINATION, IPV4_SOURCE } from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_SOURCE } from "../wire/ipv6.ts";
import { TCP_ACK, TCP_RST, TCP_SYN, tcpDestinationPort, tcpFlags, tcpSourcePort } from "../wire/tcp.ts";
import { isUnicast4, isUnicast6 } from "./address-kind.ts";
import type { Host } from "./host.ts";
import type { Nic } from "./nic.ts";
import { TcpConnection } from "./tcp-connection.ts";
import { refuseSegment } from "./tcp-segment.ts";
import type { TcpUser } from "./tcp-user.ts";

/** Who sends from a port without a connection of this table. */
export interface PortOwner {
  /** A checked segment has come to the port that was taken with this token; false: it is none of its. The frame is borrowed. */
  onSegment(token: number, nic: Nic, ip: number, at: number, frame: FrameRef): boolean;
}

/** Linux's `ip_local_port_range`: 32768 to 60999. */
const FIRST_PORT = 32_768;
const PORTS = 28_232;
const BUCKETS = 256;
/** Connections of one host. Beyond, the oldest that nobody has written to makes room: a client that has gone leaves it behind. */
const CONNECTIONS_MAX = 4_096;

/** The server at every port. */
const SERVER: TcpUser = {
  onOpen: () => undefined,
  onData: (connection, octets) => connection.write(octets),
  onClosed: () => undefined,
};

export class HostTcp {
  /** Connections that there are. */
  count = 0;
  readonly #host: Host;
  readonly #buckets: (TcpConnection | null)[] = new Array(BUCKETS).fill(null);
  /** To be used again, by family: the first of each, chained. An array that shrinks and grows would allocate. */
  #unused4: TcpConnection | null = null;
  #unused6: TcpConnection | null = null;
  /** By port, from FIRST_PORT on. Made with the first connection. */
  #owners: (PortOwner | null)[] = [];
  #tokens = new Int32Array(0);
  #lastPort = 0;
  #chance: Prng | null = null;
  readonly #forget = (connection: TcpConnection): void => this.#remove(connection);

  constructor(host: Host) {
    this.#host = host;
  }

  /** The machine is gone, and all that it knew. */
  reset(): void {
    for (let i = 0; i < BUCKETS; i++) for (let at = this.#bucket(i); at !== null; at = this.#bucket(i)) at.vanish();
    this.#owners.fill(null);
  }

  /** The next free port for connections from this host: segments to it that belong to no connection are its owner's. */
  takePort(owner: PortOwner, token: number): number {
    if (this.#owners.length === 0) {
      this.#owners = new Array(PORTS).fill(null);
      this.#tokens = new Int32Array(PORTS);
      this.#lastPort = (this.#nextNumber() >>> 0) % PORTS;
    }
    do this.#lastPort = (this.#lastPort + 1) % PORTS;
    while (this.#owners[this.#lastPort] === CONNECTED);
    this.#owners[this.#lastPort] = owner;
    this.#tokens[this.#lastPort] = token;
    return FIRST_PORT + this.#lastPort;
  }

  /** Opens a connection from an address of `nic`. */
  connect(nic: Nic, from: IpAddress, to: IpAddress, port: number, user: TcpUser): TcpConnection {
    const connection = this.#make(to.length);
    setEnds(connection, from, 0, 0);
    connection.remote.set(to);
    connection.localPort = this.takePort(CONNECTED, 0);
    connection.remotePort = port;
    this.#add(connection);
    connection.connect(nic, user, this.#nextNumber());
    return connection;
  }

  /** A checked segment of `octets` octets at `at`, in the packet at `ip` that is for this host. */
  receive(nic: Nic, ip: number, at: number, octets: number): void {
    const { slab } = this.#host.platform;
    const { bytes } = slab;
    const isIpv4 = bytes[ip]! >>> 4 === 4;
    const remote = ip + (isIpv4 ? IPV4_SOURCE : IPV6_SOURCE);
    const local = ip + (isIpv4 ? IPV4_DESTINATION : IPV6_DESTINATION);
    if (isIpv4 ? !isUnicast4(bytes, remote) : !isUnicast6(bytes, remote)) return;
    const remotePort = tcpSourcePort(bytes, at);
    const localPort = tcpDestinationPort(bytes, at);
    const frame = slab.frameAt(ip);
    const addressOctets = isIpv4 ? 4 : 16;
    let found = this.#bucket(bucketOf(localPort, remotePort));
    while (found !== null) {
      if (found.local.length === addressOctets && found.isBetween(bytes, local, localPort, remote, remotePort)) {
        found.receive(bytes, at, octets, frame);
        return;
      }
      found = found.chain;
    }
    const place = localPort - FIRST_PORT;
    if (place >= 0 && place < this.#owners.length) {
      const owner = this.#owners[place]!;
      if (owner?.onSegment(this.#tokens[place]!, nic, ip, at, frame)) return;
    }
    if ((tcpFlags(bytes, at) & (TCP_SYN | TCP_ACK | TCP_RST)) !== TCP_SYN) {
      refuseSegment(nic, ip, at, octets);
      return;
    }
    if (this.count >= CONNECTIONS_MAX && !this.#makeRoom()) return;
    const connection = this.#make(addressOctets);
    setEnds(connection, bytes, local, remote);
    connection.localPort = localPort;
    connection.remotePort = remotePort;
    this.#add(connection);
    connection.accept(isIpv4 ? null : nic, SERVER, this.#nextNumber(), bytes, at);
  }

  #make(addressOctets: number): TcpConnection {
    const unused = addressOctets === 4 ? this.#unused4 : this.#unused6;
    if (unused === null) return new TcpConnection(this.#host, addressOctets, this.#forget);
    if (addressOctets === 4) this.#unused4 = unused.chain;
    else this.#unused6 = unused.chain;
    return unused;
  }

  #add(connection: TcpConnection): void {
    const bucket = bucketOf(connection.localPort, connection.remotePort);
    connection.chain = this.#bucket(bucket);
    this.#buckets[bucket] = connection;
    this.count++;
  }

  #remove(connection: TcpConnection): void {
    const bucket = bucketOf(connection.localPort, connection.remotePort);
    let before: TcpConnection | null = null;
    let at = this.#bucket(bucket);
    while (at !== null && at !== connection) {
      before = at;
      at = at.chain;
    }
    if (before === null) this.#buckets[bucket] = connection.chain;
    else before.chain = connection.chain;
    this.count--;
    const place = connection.localPort - FIRST_PORT;
    if (this.#owners[place] === CONNECTED) this.#owners[place] = null;
    const isIpv4 = connection.local.length === 4;
    connection.chain = isIpv4 ? this.#unused4 : this.#unused6;
    if (isIpv4) this.#unused4 = connection;
    else this.#unused6 = connection;
  }

  #bucket(index: number): TcpConnection | null {
    return this.#buckets[index] ?? null;
  }

  /** False: all connections are in use. */
  #makeRoom(): boolean {
    let oldest: TcpConnection | null = null;
    for (let i = 0; i < BUCKETS; i++)
      for (let at = this.#bucket(i); at !== null; at = at.chain)
        if (at.isIdleServer && (oldest === null || at.times[0]! < oldest.times[0]!)) oldest = at;
    oldest?.vanish();
    return oldest !== null;
  }

  /** Where a connection's numbers begin. */
  #nextNumber(): number {
    this.#chance ??= new Prng(this.#host.platform.seed, `TCP of ${this.#host.name}`);
    return this.#chance.nextInt32();
  }
}

/** A port that a connection of the table has: segments that are not its own are nobody's. */
const CONNECTED: PortOwner = { onSegment: () => false };

function bucketOf(localPort: number, remotePort: number): number {
  return (localPort ^ remotePort ^ (remotePort >>> 8)) & (BUCKETS - 1);
}

/** Sets both ends of a connection from a packet's octets. */
function setEnds(connection: TcpConnection, bytes: Uint8Array, local: number, remote: number): void {
  copyBytes(bytes, local, connection.local, 0, connection.local.length);
  copyBytes(bytes, remote, connection.remote, 0, connection.remote.length);
}
