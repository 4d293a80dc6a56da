import { llmContract } from '#testing/llm-contract.ts';
import { openAiCompletion } from '#testing/llm.ts';
import openai from './connector.ts';

llmContract({
  connector: openai,
  path: '/chat/completions',
  answer: openAiCompletion,
  declined: openAiCompletion('', { refusal: 'I cannot' }),
  schemaParameter: 'response_format',
  cost: 720,
  verifyMethod: 'GET',
  verifyPath: '/models',
  verifyAnswer: { object: 'list', data: [{ id: 'gpt-4.1-mini', object: 'model', created: 1, owned_by: 'system' }] },
  planted: [{ body: { temperature: 9 } }, { body: { response_format: { type: 'yaml' } } }, { body: { max_completion_tokens: 'many' } }],
});
