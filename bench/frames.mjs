/**
 * The frames that the workloads are made of. They come from mulberry32 with fixed seeds, so that any other program that makes the same
 * frames can be held against the same digests.
 */
let state = 0;

export function seed(value) {
  state = value | 0;
}

/** Uniform in 0 to 2^32 - 1. */
export function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t ^= (t + Math.imul(t ^ (t >>> 7), 61 | t)) | 0;
  return (t ^ (t >>> 14)) >>> 0;
}

/** `count` locally administered MAC addresses, six octets each. */
export function makeMacs(count) {
  const macs = new Uint8Array(count * 6);
  for (let i = 0; i < count; i++) {
    const a = random();
    const b = random();
    macs.set([2, b & 255, a >>> 24, (a >>> 16) & 255, (a >>> 8) & 255, a & 255], i * 6);
  }
  return macs;
}

function writeArp(bytes, at, destination, sender, operation, senderIp, targetIp) {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 42);
  bytes.set(destination, at);
  bytes.set(sender, at + 6);
  view.setUint16(12, 0x0806);
  view.setUint16(14, 1);
  view.setUint16(16, 0x0800);
  view.setUint16(18, 0x0604);
  view.setUint16(20, operation);
  bytes.set(sender, at + 22);
  view.setUint32(28, senderIp);
  view.setUint32(38, targetIp);
}

const BROADCAST = Uint8Array.of(255, 255, 255, 255, 255, 255);

/** W1: random unicast between 4,096 known MACs behind 64 ports of one domain, 64 octets a frame. */
export function steadyFrames(frameCount = 65_536, macCount = 4_096, portCount = 64) {
  seed(12_345);
  const macs = makeMacs(macCount);
  const octets = 64;
  const bytes = new Uint8Array(frameCount * octets);
  const ports = new Int32Array(frameCount);
  for (let k = 0; k < frameCount; k++) {
    const source = random() % macCount;
    let destination;
    do destination = random() % macCount;
    while (destination === source);
    const at = k * octets;
    bytes.set(macs.subarray(destination * 6, destination * 6 + 6), at);
    bytes.set(macs.subarray(source * 6, source * 6 + 6), at + 6);
    bytes[at + 12] = 8;
    bytes.fill(k & 255, at + 14, at + octets);
    ports[k] = source % portCount;
  }
  return { macs, macPort: (mac) => mac % portCount, bytes, ports, octets, frameCount, portCount };
}

/** W3: broadcast ARP questions into one domain of 64 ports. */
export function floodFrames(frameCount = 65_536, macCount = 4_096, portCount = 64) {
  seed(777);
  const macs = makeMacs(macCount);
  const octets = 64;
  const bytes = new Uint8Array(frameCount * octets);
  const ports = new Int32Array(frameCount);
  for (let k = 0; k < frameCount; k++) {
    const source = random() % macCount;
    const sender = macs.subarray(source * 6, source * 6 + 6);
    writeArp(bytes, k * octets, BROADCAST, sender, 1, 0x0a000000 + source, 0x0a000000 + (random() % macCount));
    ports[k] = source % portCount;
  }
  return { macs, macPort: (mac) => mac % portCount, bytes, ports, octets, frameCount, portCount };
}
