FROM python:3.13-slim-trixie AS build
WORKDIR /app
COPY . .
RUN pip install --target /app/packages -r requirements.txt

FROM gcr.io/distroless/python3-debian13:nonroot
WORKDIR /app
COPY --from=build /app /app
ENV PYTHONPATH=/app/packages
CMD ["-m", "uvicorn", "--host", "0.0.0.0", "--port", "8080", "orders.main:app"]
