/** What the README shows is what the command prints. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ROOT, viplane } from "./viplane.ts";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

it.each(["run", "explain"])("the README's excerpt of %s stands in the output, line by line", async (command) => {
  const excerpt = new RegExp(`\\$ npx viplane (${command} .+)\\n([\\s\\S]*?)\`\`\``).exec(README);
  expect(excerpt).not.toBeNull();
  const { out } = await viplane(excerpt![1]!.split(" "), { cwd: ROOT });
  const lines = excerpt![2]!.split("\n").filter((line) => !/^\s*…?$/.test(line));
  expect(lines.length).toBeGreaterThan(6);
  for (const line of lines) expect(out).toContain(line.replace(/ …$/, ""));
});

it("the README's scenario is a good one", async () => {
  const yaml = /```yaml\n(name: my-failover[\s\S]*?)```/.exec(README)![1]!;
  const conf = (priority: number) =>
    `|\n      vrrp_instance VI_1 {\n        interface eth0\n        virtual_router_id 51\n        priority ${priority}\n        virtual_ipaddress {\n          10.0.1.50\n        }\n      }`;
  const inline = yaml
    .replace(
      /a: \{ subnet: lan, address: 10.0.1.11, keepalived: a.conf \}/,
      `a:\n    subnet: lan\n    address: 10.0.1.11\n    keepalived: ${conf(100)}`,
    )
    .replace(
      /b: \{ subnet: lan, address: 10.0.1.12, keepalived: b.conf \}/,
      `b:\n    subnet: lan\n    address: 10.0.1.12\n    keepalived: ${conf(90)}`,
    );
  expect(await viplane(["run", "-"], { input: inline })).toMatchObject({ status: 0, err: "" });
});
