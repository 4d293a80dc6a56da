import { z } from 'zod';

/** A question to the company's own metrics (`metrics.list` names them), asked anew each time the document is drawn. */
export const MetricQuestion = z.object({
  metric: z.string().max(80).describe('Id of a metric, as metrics.list names them'),
  grain: z.enum(['day', 'week', 'month']).default('month'),
  /** Whole months before today's, and this one so far. */
  months: z.int().min(1).max(36).default(12).describe('How many months back, this one included'),
  by: z.enum(['owner', 'product', 'source', 'stage', 'status', 'channel', 'workflow']).optional(),
});
export type MetricQuestion = z.output<typeof MetricQuestion>;
