import { loadProcessConfig } from '#core/config-load.ts';
import { runCli } from '#core/operation/cli.ts';
import { connect } from './cli/connect.ts';
import { localCommands } from './cli/local.ts';
import { leave, openTerminal } from './cli/terminal.ts';
import { operations } from './modules.ts';
import { VERSION } from './version.ts';

/** The `steward` command. Configuration is read when a command first needs it, so that --help works with a broken one. */
const terminal = openTerminal();
const config = () => loadProcessConfig().config;

leave(
  await runCli(
    { operations, local: localCommands(config), version: VERSION, terminal, connect: async (company) => connect(config(), company) },
    process.argv.slice(2),
  ),
);
