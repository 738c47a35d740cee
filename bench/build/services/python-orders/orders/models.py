"""Orders as they are sent, and as they are stored."""

from uuid import UUID, uuid4

from pydantic import BaseModel, Field
from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Line(BaseModel):
    article: str = Field(min_length=1)
    count: int = Field(gt=0)


class NewOrder(BaseModel):
    customer: str = Field(min_length=1)
    lines: list[Line] = Field(min_length=1)


class Order(NewOrder):
    id: UUID = Field(default_factory=uuid4)


class Base(DeclarativeBase):
    pass


class StoredOrder(Base):
    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[dict] = mapped_column(JSON)
