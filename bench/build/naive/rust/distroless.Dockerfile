FROM rust:1-trixie AS build
WORKDIR /app
COPY . .
RUN cargo build --release

FROM gcr.io/distroless/cc-debian13:nonroot
COPY --from=build /app/target/release/rust-api /app/rust-api
CMD ["/app/rust-api"]
