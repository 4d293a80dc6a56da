/** A language model, as far as we need one: text in, text out, counted. It gets no tools (decision 7). */
export interface LlmPort {
  complete(request: LlmRequest, signal?: AbortSignal): Promise<LlmAnswer>;
}

export interface LlmRequest {
  readonly system: string;
  readonly prompt: string;
  readonly maxTokens: number;
  readonly temperature: number;
  /** Ask for one JSON object of this JSON Schema; the caller still parses and validates. */
  readonly jsonSchema?: { readonly name: string; readonly schema: object };
}

export interface LlmAnswer {
  readonly text: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Millionths of a US dollar; null when the price of this model is not known. */
  readonly costMicros: number | null;
}
