import type { VendorAnswer, VendorRequest } from './fake-vendor.ts';

/** A chat completion as OpenAI answers it (schema CreateChatCompletionResponse). */
export function openAiCompletion(content: string, extra: { readonly model?: string; readonly refusal?: string } = {}): VendorAnswer {
  return {
    status: 200,
    body: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_763_700_000,
      model: extra.model ?? 'gpt-4.1-mini-2025-04-14',
      choices: [
        { index: 0, finish_reason: 'stop', logprobs: null, message: { role: 'assistant', content, refusal: extra.refusal ?? null } },
      ],
      usage: { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 },
    },
  };
}

/** A message as Anthropic answers it (schema Message). */
export function anthropicMessage(text: string, extra: { readonly model?: string; readonly stopReason?: string } = {}): VendorAnswer {
  return {
    status: 200,
    body: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      container: null,
      diagnostics: null,
      stop_details: null,
      stop_sequence: null,
      model: extra.model ?? 'claude-sonnet-4-5-20250929',
      stop_reason: extra.stopReason ?? 'end_turn',
      content: [{ type: 'text', text, citations: null }],
      usage: { ...ANTHROPIC_USAGE, input_tokens: 1_000, output_tokens: 200 },
    },
  };
}

const ANTHROPIC_USAGE = {
  cache_creation: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  inference_geo: null,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: 'standard',
  speed: null,
};

/** The user's part of a request to either vendor. */
export function promptOf(request: VendorRequest): string {
  const body: unknown = request.body;
  const messages: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'messages') : [];
  return Array.isArray(messages)
    ? messages.map((message: { role?: string; content?: unknown }) => (message.role === 'user' ? String(message.content) : '')).join('')
    : '';
}
