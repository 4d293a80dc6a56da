import { z } from 'zod';

const sid = z.string().regex(/^(SM|MM)[0-9a-fA-F]{32}$/);

/** The parts of answers that we rely on; the rest may change freely. */
export const Account = z.object({ sid: z.string(), status: z.string(), friendly_name: z.string().nullish() });
export const Created = z.object({ sid, status: z.string() });
export const Listed = z.object({
  messages: z.array(
    z.object({
      sid,
      to: z.string().nullish(),
      body: z.string().nullish(),
      direction: z.string(),
      /** RFC 2822 */
      date_created: z.string().nullish(),
    }),
  ),
  next_page_uri: z.string().nullish(),
});
export const Fault = z.object({ code: z.number() });
