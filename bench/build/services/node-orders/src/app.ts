import compression from 'compression';
import cors from 'cors';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { collectDefaultMetrics, Counter, register } from 'prom-client';
import type { Announcement } from './announcements.js';
import { authentication } from './authentication.js';
import type { OrderStore } from './order-store.js';
import { NewOrder } from './orders.js';

const accepted = new Counter({ name: 'orders_accepted_total', help: 'Orders that were taken.' });
collectDefaultMetrics();

export interface AppOptions {
  readonly store: OrderStore;
  readonly announcements: readonly Announcement[];
  readonly logger: Logger;
  readonly secret?: string;
}

export function orderApp({ store, announcements, logger, secret }: AppOptions): Express {
  const app = express();
  app.use(helmet(), cors(), compression(), pinoHttp({ logger }));
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/metrics', async (_request, response) => {
    response.type(register.contentType).send(await register.metrics());
  });
  app.use('/orders', authentication(secret), express.json());
  app.post('/orders', async (request, response) => {
    const { success, data, error } = NewOrder.safeParse(request.body);
    if (!success) return void response.status(400).json({ issues: error.issues });
    const order = await store.add(data);
    await Promise.all(announcements.map((announce) => announce(order)));
    accepted.inc();
    response.status(201).json(order);
  });
  app.get('/orders/:id', async (request, response) => {
    const order = await store.find(request.params.id);
    response.status(order === undefined ? 404 : 200).json(order ?? { error: `no order ${request.params.id}` });
  });
  return app;
}
