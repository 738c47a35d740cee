"""A small HTTP service that counts words."""

from flask import Flask, request

app = Flask(__name__)


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.post("/words")
def words():
    return {"words": len(request.get_data(as_text=True).split())}
