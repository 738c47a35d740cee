"""A service that takes orders."""

from typing import Annotated
from uuid import UUID

import jwt
import structlog
from fastapi import Depends, FastAPI, Header, HTTPException
from prometheus_client import Counter, make_asgi_app
from sqlalchemy import StaticPool, create_engine
from sqlalchemy.orm import Session

from .announcements import announce
from .models import Base, NewOrder, Order, StoredOrder
from .settings import Settings

settings = Settings()
log = structlog.get_logger()
accepted = Counter("orders_accepted", "Orders that were taken.")
in_memory = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
engine = create_engine(settings.database_url, **(in_memory if settings.database_url == "sqlite://" else {}))
Base.metadata.create_all(engine)

app = FastAPI()
app.mount("/metrics", make_asgi_app())


def authenticated(authorization: Annotated[str, Header()] = "") -> None:
    if settings.token_secret is None:
        return
    try:
        jwt.decode(authorization.removeprefix("Bearer "), settings.token_secret, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "no valid token") from error


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/orders", status_code=201, dependencies=[Depends(authenticated)])
def add(new: NewOrder) -> Order:
    order = Order(**new.model_dump())
    with Session(engine) as session, session.begin():
        session.add(StoredOrder(id=order.id, content=order.model_dump(mode="json")))
    announce(order, settings)
    accepted.inc()
    log.info("order taken", id=str(order.id))
    return order


@app.get("/orders/{id}", dependencies=[Depends(authenticated)])
def find(id: UUID) -> Order:
    with Session(engine) as session:
        stored = session.get(StoredOrder, id)
    if stored is None:
        raise HTTPException(404, f"no order {id}")
    return Order(**stored.content)
