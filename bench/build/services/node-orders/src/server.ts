import { pino } from 'pino';
import { announcements } from './announcements.js';
import { orderApp } from './app.js';
import { MemoryStore, PostgresStore } from './order-store.js';

const { DATABASE_URL, PORT = '8080', TOKEN_SECRET } = process.env;
const logger = pino();
const store = DATABASE_URL === undefined ? new MemoryStore() : new PostgresStore(DATABASE_URL);
const app = orderApp({ store, announcements: announcements(process.env), logger, secret: TOKEN_SECRET });
const server = app.listen(Number(PORT), '0.0.0.0', () => logger.info({ port: PORT }, 'listening'));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => server.close(() => process.exit(0)));
}
