import { z } from 'zod';

export const Order = z.object({
  id: z.uuid(),
  customer: z.string().min(1),
  lines: z.array(z.object({ article: z.string().min(1), count: z.int().positive() })).min(1),
});

export type Order = z.infer<typeof Order>;

export const NewOrder = Order.omit({ id: true });
