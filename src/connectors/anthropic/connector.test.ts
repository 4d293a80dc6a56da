import { llmContract } from '#testing/llm-contract.ts';
import { anthropicMessage } from '#testing/llm.ts';
import anthropic from './connector.ts';

llmContract({
  connector: anthropic,
  path: '/v1/messages',
  answer: anthropicMessage,
  declined: anthropicMessage('', { stopReason: 'refusal' }),
  schemaParameter: 'output_config',
  cost: 6_000,
  verifyMethod: 'POST',
  verifyPath: '/v1/messages/count_tokens',
  verifyAnswer: { input_tokens: 8 },
  planted: [
    { headers: { 'anthropic-version': undefined } },
    { body: { max_tokens: '600' } },
    { body: { output_config: { format: { type: 'yaml' } } } },
    { body: { system: 5 } },
  ],
});
