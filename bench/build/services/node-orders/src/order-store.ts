import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Order } from './orders.js';

export interface OrderStore {
  add(order: Omit<Order, 'id'>): Promise<Order>;
  find(id: string): Promise<Order | undefined>;
}

/** For trying the service without a database. */
export class MemoryStore implements OrderStore {
  private readonly orders = new Map<string, Order>();

  public add(order: Omit<Order, 'id'>): Promise<Order> {
    const stored = { ...order, id: randomUUID() };
    this.orders.set(stored.id, stored);
    return Promise.resolve(stored);
  }

  public find(id: string): Promise<Order | undefined> {
    return Promise.resolve(this.orders.get(id));
  }
}

export class PostgresStore implements OrderStore {
  private readonly pool: pg.Pool;

  public constructor(connectionString: string) {
    this.pool = new pg.Pool({ connectionString });
  }

  public async add(order: Omit<Order, 'id'>): Promise<Order> {
    const stored = { ...order, id: randomUUID() };
    await this.pool.query('INSERT INTO orders (id, content) VALUES ($1, $2)', [stored.id, stored]);
    return stored;
  }

  public async find(id: string): Promise<Order | undefined> {
    const { rows } = await this.pool.query<{ content: Order }>('SELECT content FROM orders WHERE id = $1', [id]);
    return rows[0]?.content;
  }
}
