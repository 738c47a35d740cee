FROM python:3.13-slim-trixie
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
CMD ["python", "-m", "uvicorn", "--host", "0.0.0.0", "--port", "8080", "orders.main:app"]
