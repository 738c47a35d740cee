import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Redis } from 'ioredis';
import type { Order } from './orders.js';

/** Tells others of an order. */
export type Announcement = (order: Order) => Promise<unknown>;

/** Those that the environment names. */
export function announcements(environment: NodeJS.ProcessEnv): Announcement[] {
  const { QUEUE_URL, ARCHIVE_BUCKET, REDIS_URL } = environment;
  return [
    ...(QUEUE_URL === undefined ? [] : [toQueue(QUEUE_URL)]),
    ...(ARCHIVE_BUCKET === undefined ? [] : [toArchive(ARCHIVE_BUCKET)]),
    ...(REDIS_URL === undefined ? [] : [toChannel(REDIS_URL)]),
  ];
}

function toQueue(url: string): Announcement {
  const client = new SQSClient({});
  return (order) => client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(order) }));
}

function toArchive(bucket: string): Announcement {
  const client = new S3Client({});
  return (order) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: `${order.id}.json`, Body: JSON.stringify(order) }));
}

function toChannel(url: string): Announcement {
  const client = new Redis(url, { lazyConnect: true });
  return (order) => client.publish('orders', JSON.stringify(order));
}
