import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { VendorRefused } from '#core/connector/errors.ts';
import { vendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { secret } from '#core/secrets.ts';
import { costMicros } from './prices.ts';

const Credentials = z.object({
  apiKey: secret().describe('API key'),
  model: z.string().min(1).max(200).default('claude-sonnet-4-5').describe('Model name'),
});

/** The part of a message that we rely on; the rest may change freely. */
const Message = z.object({
  model: z.string(),
  stop_reason: z.string().nullable(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  usage: z.object({ input_tokens: z.int(), output_tokens: z.int() }),
});

const Count = z.object({ input_tokens: z.int() });

const DEFAULT_BASE_URL = 'https://api.anthropic.com';
const TIMEOUT_MS = 60_000;

function client({ apiKey }: z.output<typeof Credentials>, { baseUrl, turn, log }: ConnectorOptions) {
  return vendorHttp({
    vendor: 'Anthropic',
    baseUrl: baseUrl ?? DEFAULT_BASE_URL,
    headers: { 'x-api-key': apiKey.reveal(), 'anthropic-version': '2023-06-01' },
    timeoutMs: TIMEOUT_MS,
    turn,
    log,
  });
}

/** Claude. Temperature is not sent: the newest models no longer take one. @see https://docs.claude.com/en/api/messages */
export default connector({
  id: 'anthropic',
  title: 'Anthropic',
  credentials: Credentials,
  baseUrl: () => DEFAULT_BASE_URL,
  async verify(credentials, options) {
    const body = { model: credentials.model, messages: [{ role: 'user', content: 'ping' }] };
    // Counting tokens costs nothing and needs the same key and model as writing does.
    await client(credentials, options).post('/v1/messages/count_tokens', body, {
      answer: Count,
      repeat: 'safe',
      ...(options.signal ? { signal: options.signal } : {}),
    });
    return `${credentials.model} is available`;
  },
  llmCost: ({ model }, { input, output }) => ({ model, costMicros: costMicros(model, input, output) }),
  llm(credentials, options) {
    const http = client(credentials, options);
    // Older models take no output schema; once refused it is not sent again. The caller parses and validates either way.
    let schemaRefused = false;
    return {
      async complete(request, signal) {
        const body = {
          model: credentials.model,
          max_tokens: request.maxTokens,
          system: request.system,
          messages: [{ role: 'user', content: request.prompt }],
        };
        const call = { answer: Message, repeat: 'safe', ...(signal ? { signal } : {}) } as const;
        if (request.jsonSchema !== undefined && !schemaRefused) {
          try {
            const format = { type: 'json_schema', schema: request.jsonSchema.schema };
            return answerOf(await http.post('/v1/messages', { ...body, output_config: { format } }, call));
          } catch (error) {
            if (!(error instanceof VendorRefused) || !/output_config|output_format|structured output/i.test(error.message)) throw error;
            schemaRefused = true;
          }
        }
        return answerOf(await http.post('/v1/messages', body, call));
      },
    };
  },
});

function answerOf({ model, content, stop_reason: stopReason, usage }: z.output<typeof Message>) {
  if (stopReason === 'refusal') throw new VendorRefused('The model declined');
  const text = content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
  if (text.trim() === '') throw new VendorRefused('The model answered nothing');
  const { input_tokens: inputTokens, output_tokens: outputTokens } = usage;
  return { text, model, inputTokens, outputTokens, costMicros: costMicros(model, inputTokens, outputTokens) };
}
