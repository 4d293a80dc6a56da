import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Config } from '#core/config.ts';
import { Misconfigured } from '#core/errors.ts';
import type { LocalCommand, Transport } from '#core/operation/cli.ts';
import { connect } from './connect.ts';

/** MCP over stdio: each message goes to /mcp and its answer comes back, so that both ways have the same tools and rights. */
export function mcpCommand(config: () => Config): LocalCommand {
  return {
    words: 'mcp',
    summary: 'Speak MCP on stdin and stdout, for an assistant that runs on this machine.',
    configure: (command) => command.option('--company <name>', 'name or id of the company, where there are several'),
    async run(options) {
      const transport = await connect(config(), typeof options['company'] === 'string' ? options['company'] : null);
      try {
        await carry(transport);
      } finally {
        await transport.close();
      }
      return null;
    },
  };
}

/** Until stdin ends. */
async function carry(transport: Transport): Promise<void> {
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const stdio = new StdioServerTransport();
  const under = new Set<Promise<void>>();
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  stdio.onmessage = (message) => {
    const done = forward(transport, message).then(
      (answer) => (answer === null ? undefined : stdio.send(answer)),
      (error: unknown) => ('id' in message && 'method' in message ? stdio.send(failure(message.id, error)) : undefined),
    );
    under.add(done);
    void done.finally(() => under.delete(done));
  };
  await stdio.start();
  await ended;
  await Promise.allSettled(under);
  await stdio.close();
}

async function forward(transport: Transport, message: JSONRPCMessage): Promise<JSONRPCMessage | null> {
  const answer = await transport.request({
    method: 'POST',
    path: '/mcp',
    body: message,
    headers: { accept: 'application/json, text/event-stream' },
  });
  if (answer.body === null) return null; // a notification
  const { JSONRPCMessageSchema } = await import('@modelcontextprotocol/sdk/types.js');
  const parsed = JSONRPCMessageSchema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const problem = answer.body;
  throw new Misconfigured(
    typeof problem === 'object' && problem !== null && 'detail' in problem ? String(problem.detail) : `Steward answered ${answer.status}`,
  );
}

const failure = (id: string | number, error: unknown): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id,
  error: { code: -32_603, message: error instanceof Error ? error.message : String(error) },
});
