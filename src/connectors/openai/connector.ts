import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { VendorRefused } from '#core/connector/errors.ts';
import { vendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { LlmRequest } from '#core/ports/llm.ts';
import { secret } from '#core/secrets.ts';
import { costMicros } from './prices.ts';

const Credentials = z.object({
  apiKey: secret().describe('API key. A server of your own that asks for none takes any text'),
  model: z.string().min(1).max(200).default('gpt-4.1-mini').describe('Model name'),
});

/** The part of a completion that we rely on; the rest may change freely. `usage` is missing on some compatible servers. */
const Completion = z.object({
  model: z.string(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish(),
});

const Models = z.object({ data: z.array(z.object({ id: z.string() })) });

const DEFAULT_BASE_URL = 'https://api.openai.com/v1';
const TIMEOUT_MS = 60_000;

function client({ apiKey }: z.output<typeof Credentials>, { baseUrl, turn, log }: ConnectorOptions) {
  return vendorHttp({
    vendor: 'OpenAI',
    baseUrl: baseUrl ?? DEFAULT_BASE_URL,
    headers: { authorization: `Bearer ${apiKey.reveal()}` },
    timeoutMs: TIMEOUT_MS,
    turn,
    log,
  });
}

/** Parameters that not every model or compatible server takes, with what to do when one is refused by name. */
const OPTIONAL = [
  // Newer models want the first name, many compatible servers only know the second.
  {
    name: 'max_completion_tokens',
    without: ({ max_completion_tokens, ...body }: Body): Body => ({ ...body, max_tokens: max_completion_tokens }),
  },
  { name: 'max_tokens', without: ({ max_tokens: _, ...body }: Body): Body => body },
  { name: 'temperature', without: ({ temperature: _, ...body }: Body): Body => body },
  { name: 'response_format', without: ({ response_format: _, ...body }: Body): Body => body },
] as const;

interface Body {
  readonly model: string;
  readonly messages: readonly { readonly role: 'system' | 'user'; readonly content: string }[];
  readonly max_completion_tokens?: number | undefined;
  readonly max_tokens?: number | undefined;
  readonly temperature?: number;
  readonly response_format?: {
    readonly type: 'json_schema';
    readonly json_schema: { readonly name: string; readonly strict: true; readonly schema: object };
  };
}

function bodyFor(model: string, request: LlmRequest): Body {
  return {
    model,
    messages: [
      { role: 'system', content: request.system },
      { role: 'user', content: request.prompt },
    ],
    max_completion_tokens: request.maxTokens,
    temperature: request.temperature,
    ...(request.jsonSchema === undefined
      ? {}
      : {
          response_format: {
            type: 'json_schema',
            json_schema: { name: request.jsonSchema.name, strict: true, schema: request.jsonSchema.schema },
          },
        }),
  };
}

/** OpenAI, and every server that speaks its chat completions: set the connection's base URL. @see https://platform.openai.com/docs/api-reference/chat */
export default connector({
  id: 'openai',
  title: 'OpenAI or compatible',
  credentials: Credentials,
  baseUrl: () => DEFAULT_BASE_URL,
  async verify(credentials, options) {
    const { data } = await client(credentials, options).get('/models', { answer: Models, ...signalOf(options) });
    const known = data.some((model) => model.id === credentials.model);
    return known ? `${credentials.model} is available` : `The key works; ${data.length} models, but none is named ${credentials.model}`;
  },
  llmCost: ({ model }, { input, output }) => ({ model, costMicros: costMicros(model, input, output) }),
  llm(credentials, options) {
    const http = client(credentials, options);
    // What this server refused before is not sent again.
    let refused: readonly string[] = [];
    return {
      async complete(request, signal) {
        for (;;) {
          const body = OPTIONAL.filter(({ name }) => refused.includes(name)).reduce(
            (rest, { without }) => without(rest),
            bodyFor(credentials.model, request),
          );
          try {
            const answer = await http.post('/chat/completions', body, {
              answer: Completion,
              repeat: 'safe',
              ...(signal ? { signal } : {}),
            });
            return answerOf(answer);
          } catch (error) {
            const named =
              error instanceof VendorRefused
                ? OPTIONAL.find(({ name }) => name in body && !refused.includes(name) && new RegExp(`\\b${name}\\b`).test(error.message))
                : undefined;
            if (named === undefined) throw error;
            refused = [...refused, named.name];
          }
        }
      },
    };
  },
});

const signalOf = (options: ConnectorOptions) => (options.signal === undefined ? {} : { signal: options.signal });

function answerOf({ model, choices, usage }: z.output<typeof Completion>) {
  const [choice] = choices;
  const text = choice?.message.content ?? '';
  if (choice?.message.refusal) throw new VendorRefused(`The model declined: ${choice.message.refusal.slice(0, 200)}`);
  if (choice?.finish_reason === 'content_filter') throw new VendorRefused('The answer was held back by the content filter');
  if (text.trim() === '') throw new VendorRefused('The model answered nothing');
  const inputTokens = usage?.prompt_tokens ?? 0;
  const outputTokens = usage?.completion_tokens ?? 0;
  return { text, model, inputTokens, outputTokens, costMicros: usage ? costMicros(model, inputTokens, outputTokens) : null };
}
