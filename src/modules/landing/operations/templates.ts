import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { TEMPLATES } from '../beginnings/all.ts';
import { TEXTS } from '../beginnings/texts.ts';

export const landingTemplates = operation({
  name: 'landing.templates',
  summary: 'What a landing page can begin with',
  http: 'GET /api/landing-pages/templates',
  cli: 'landing templates',
  access: 'read',
  input: z.object({}),
  output: z.object({
    items: z.array(z.object({ template: z.enum(TEMPLATES), title: z.string(), text: z.string(), pageTitle: z.string() })),
    nextCursor: z.null(),
  }),
  run: async () => ({ items: TEMPLATES.map((template) => ({ template, ...TEXTS[template] })), nextCursor: null }),
});
