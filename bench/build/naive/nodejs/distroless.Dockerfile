FROM node:24-trixie-slim AS build
WORKDIR /app
COPY . .
RUN npm install
RUN npm run build

FROM gcr.io/distroless/nodejs24-debian13:nonroot
WORKDIR /app
COPY --from=build /app /app
CMD ["dist/server.js"]
