/**
 * Names exist only at the edges; inside, a port, a domain, a frame and a timer are integers. The brands keep them
 * apart for the type checker and cost nothing when the program runs.
 */
declare const brand: unique symbol;

/** A switch port: index into the port arrays. */
export type PortId = number & { readonly [brand]: "port" };
/** A broadcast domain, 1 to 65,535: the upper half of a forwarding key's high word. */
export type DomainId = number & { readonly [brand]: "domain" };
/** A frame: slot number in the slab. */
export type FrameRef = number & { readonly [brand]: "frame" };
/** A timer: index into the timer arrays. */
export type TimerId = number & { readonly [brand]: "timer" };

export const NO_PORT = -1 as PortId;
export const NO_FRAME = -1 as FrameRef;
