FROM golang:1.26-trixie AS build
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o server .

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /app/server /app/server
CMD ["/app/server"]
