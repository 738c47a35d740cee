"""What the environment says."""

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str = "sqlite://"
    redis_url: str | None = None
    queue_url: str | None = None
    audit_url: str | None = None
    token_secret: str | None = None
