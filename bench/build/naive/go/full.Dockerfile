FROM golang:1.26-trixie
WORKDIR /app
COPY . .
RUN go build -o server .
CMD ["/app/server"]
