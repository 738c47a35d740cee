FROM python:3.13-slim-trixie
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
CMD ["python", "-m", "gunicorn", "--bind", "0.0.0.0:8080", "app:app"]
