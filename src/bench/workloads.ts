/** The workloads by name. */

import { forwarding } from "./forwarding.ts";
import { parsing } from "./parsing.ts";
import { simulating } from "./simulating.ts";
import { churnTrace, floodTrace, unicastTrace } from "./trace.ts";
import type { Workload } from "./workload.ts";

export interface WorkloadPlan {
  /** `W1`. */
  readonly id: string;
  /** What is counted, in the plural. */
  readonly unit: string;
  /** What is done for one of them. */
  readonly work: string;
  /** Passes after which the digest is the one to be compared. */
  readonly digestPasses: number;
  make(): Workload;
}

const FRAMES = 65_536;

export const WORKLOADS: readonly WorkloadPlan[] = [
  {
    id: "W1",
    unit: "frames",
    work: "a unicast frame between 4,096 known MACs behind 64 ports",
    digestPasses: 3,
    make: () => forwarding(unicastTrace(4_096, 64, 1, FRAMES)),
  },
  {
    id: "W2",
    unit: "frames",
    work: "the same with 100,000 MACs, 1,000 ports and 100 domains",
    digestPasses: 3,
    make: () => forwarding(unicastTrace(100_000, 1_000, 100, 2 * FRAMES)),
  },
  {
    id: "W3",
    unit: "deliveries",
    work: "one of the 63 deliveries of a broadcast frame, by reference",
    digestPasses: 3,
    make: () => forwarding(floodTrace(FRAMES), 63),
  },
  {
    id: "W4",
    unit: "garps",
    work: "a gratuitous ARP that moves its MAC and address, read and flooded to 63 ports",
    digestPasses: 3,
    make: () => {
      const churn = forwarding(churnTrace(FRAMES));
      churn.watchHolders();
      return churn;
    },
  },
  {
    id: "W5",
    unit: "frames",
    work: "a VRRP advertisement or gratuitous ARP, checked and read",
    digestPasses: 1,
    make: () => parsing(FRAMES),
  },
  {
    id: "W6",
    unit: "frames",
    work: "a frame of 1,000 octets between two of 100 simulated hosts, three events",
    digestPasses: 10,
    make: () => simulating(),
  },
];
