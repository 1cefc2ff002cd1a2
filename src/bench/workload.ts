/** What one can measure: work that is done again and again, always the same, and that can be held against what others made of it. */

export interface Workload {
  /** Does it once, and returns how many units that were. Allocates nothing per unit, if the product does not. */
  pass(): number;
  /** A word that depends on everything that was done: right if it is what another program got by the same passes. */
  digest(): number;
}
