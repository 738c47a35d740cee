FROM rust:1-trixie
WORKDIR /app
COPY . .
RUN cargo build --release
CMD ["/app/target/release/rust-api"]
