/** What reports and captures say made them; `package.json` has the same (a test compares). */
export const VERSION = "0.1.0";
