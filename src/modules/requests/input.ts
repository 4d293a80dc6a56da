import { z } from 'zod';

const liquid = (max: number) => z.string().max(max).meta({ format: 'liquid' });

export const HttpInput = z
  .strictObject({
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET').meta({ title: 'Method' }),
    url: liquid(4_000)
      .min(1)
      .meta({ title: 'Address' })
      .describe('http or https. Values between its letters are encoded: https://api.example.com/orders/{{ trigger.body.id }}'),
    query: z.record(z.string().max(200), liquid(4_000)).default({}).meta({ title: 'Query' }).describe('Added to the address'),
    headers: z.record(z.string().max(200), liquid(4_000)).default({}).meta({ title: 'Headers' }),
    json: z
      .json()
      .optional()
      .meta({ title: 'JSON', format: 'json' })
      .describe('Body. Texts in it may hold Liquid; {{ steps.order }} alone becomes the value itself'),
    form: z.record(z.string().max(200), liquid(20_000)).optional().meta({ title: 'Form fields' }).describe('Body, as a form sends it'),
    text: liquid(200_000).optional().meta({ title: 'Text' }).describe('Body as it is; say its content-type in the headers'),
    connectionId: z
      .uuid()
      .optional()
      .meta({ title: 'Credentials', format: 'connection:http' })
      .describe('A connection to the web service; it is sent to its own hosts only'),
    answers: z
      .enum(['good', 'any'])
      .default('good')
      .meta({ title: 'Which answers are good' })
      .describe('good: a status of 400 and more fails the step; any: the run goes on with it'),
    repeat: z
      .enum(['by_method', 'safe'])
      .default('by_method')
      .meta({ title: 'May be repeated' })
      .describe(
        'by_method: GET and HEAD are; others happen once, and a lost answer is for a person to decide. safe: this one changes nothing, or not twice',
      ),
    keyHeader: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/)
      .optional()
      .meta({ title: 'Idempotency header' })
      .describe('Where the service knows a request again by a key, e.g. Idempotency-Key: a lost answer is then asked for again'),
    redirects: z.boolean().default(true).meta({ title: 'Follow redirects' }),
    timeoutS: z.int().min(1).max(110).default(30).meta({ title: 'Seconds at most' }),
    maxKb: z
      .int()
      .min(1)
      .max(2_000)
      .default(256)
      .meta({ title: 'Kilobytes at most' })
      .describe('A longer answer fails the step; the answer is kept with the run'),
  })
  .refine((input) => [input.json, input.form, input.text].filter((body) => body !== undefined).length <= 1, {
    error: 'A request has one body: json, form or text',
    path: ['json'],
  })
  .refine(
    (input) =>
      !['GET', 'HEAD'].includes(input.method) || (input.json === undefined && input.form === undefined && input.text === undefined),
    {
      error: 'A GET or HEAD has no body',
      path: ['method'],
    },
  );
export type HttpInput = z.output<typeof HttpInput>;

export const HttpOutput = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()).describe('Names in lower case'),
  body: z.json().describe('Parsed where it is JSON, else text'),
  url: z.string().describe('The address that answered'),
});

/** Is it carried out as an activity (repeated after a crash), or as an effect of the ledger? */
export function isRepeatable(input: HttpInput): boolean {
  return input.repeat === 'safe' || input.method === 'GET' || input.method === 'HEAD';
}
