#!/usr/bin/env node
/** The command line: commands, exit statuses, and the last word on every error. */
import { Command, CommanderError } from "commander";
import { VERSION } from "../base/version.ts";
import { scenarioJsonSchema } from "../scenario/language/schema.ts";
import { ConfigError } from "../text/config-error.ts";
import { addBenchCommand } from "./bench.ts";
import { addCheckCommand } from "./check.ts";
import {
  EXIT_DEFECT,
  EXIT_OK,
  EXIT_STATUSES,
  EXIT_UNABLE,
  EXIT_USAGE,
  exitStatuses,
  OutputError,
  print,
  printError,
  printFindings,
  UsageError,
} from "./console.ts";
import { addExplainCommand } from "./explain.ts";
import { addReplayCommand } from "./replay.ts";
import { addRunCommand } from "./run.ts";
import { addTraceCommand } from "./trace.ts";

const EXAMPLES = `
Examples:
  viplane run topologies/havip-failover.yaml      watch a virtual IP fail over
  viplane check my-scenario.yaml keepalived.conf  find mistakes without running anything
  viplane run --help                              all options of a command

${EXIT_STATUSES}`;

const SCHEMA_EXAMPLES = `
Examples:
  viplane schema > scenario.schema.json
  # yaml-language-server: $schema=scenario.schema.json     as the first line of a scenario, for editors that know it

${exitStatuses({ ok: "the schema was printed", usage: "wrong usage", unable: "what is printed cannot be written to its end" })}`;

function program(exit: (status: number) => void): Command {
  const command = new Command("viplane")
    .description("Where does a virtual IP's traffic go during a failover, frame by frame?")
    .version(VERSION)
    .showHelpAfterError("(viplane --help, or viplane COMMAND --help, says more)")
    .addHelpText("after", EXAMPLES)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: printError });
  addRunCommand(command, exit);
  addExplainCommand(command, exit);
  addCheckCommand(command, exit);
  addBenchCommand(command, exit);
  addReplayCommand(command, exit);
  addTraceCommand(command, exit);
  command
    .command("schema")
    .summary("print the JSON Schema of scenario files")
    .description("Print the JSON Schema of scenario files, for editors to complete keys.")
    .addHelpText("after", SCHEMA_EXAMPLES)
    .action(() => {
      print(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
      exit(EXIT_OK);
    });
  for (const sub of command.commands) {
    sub.exitOverride().configureOutput({ writeOut: print, writeErr: printError });
    sub.showHelpAfterError(`(viplane ${sub.name()} --help says more)`);
  }
  return command;
}

async function main(): Promise<number> {
  let status = EXIT_OK;
  const command = program((result) => {
    status = result;
  });
  try {
    await command.parseAsync(process.argv);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    if (error instanceof ConfigError) {
      printFindings(error.findings);
      return EXIT_USAGE;
    }
    if (error instanceof UsageError) {
      printError(`error: ${error.message}\n`);
      return EXIT_USAGE;
    }
    if (error instanceof OutputError) {
      printError(`error: ${error.message}\n`);
      return EXIT_UNABLE;
    }
    return defect(error);
  }
}

/** Our own mistake: said in a few lines, with what helps to mend it. */
function defect(error: unknown): number {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  printError(`viplane ${VERSION} has a defect, this is not your mistake: ${name}: ${message}\n`);
  printError(
    "Please report it with the files and the command line that led here; VIPLANE_DEBUG=1 shows where it happened.\n",
  );
  if (process.env.VIPLANE_DEBUG) printError(`${stack}\n`);
  return EXIT_DEFECT;
}

process.exitCode = await main();
