"""Tells others of an order."""

import boto3
import httpx
import redis
from tenacity import retry, stop_after_attempt, wait_exponential

from .models import Order
from .settings import Settings


@retry(stop=stop_after_attempt(3), wait=wait_exponential())
def announce(order: Order, settings: Settings) -> None:
    body = order.model_dump_json()
    if settings.queue_url:
        boto3.client("sqs").send_message(QueueUrl=settings.queue_url, MessageBody=body)
    if settings.redis_url:
        redis.Redis.from_url(settings.redis_url).publish("orders", body)
    if settings.audit_url:
        httpx.post(settings.audit_url, content=body).raise_for_status()
