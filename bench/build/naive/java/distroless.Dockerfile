FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /app
COPY . .
RUN mvn package dependency:copy-dependencies

FROM gcr.io/distroless/java25-debian13:nonroot
WORKDIR /app
COPY --from=build /app/target /app
ENTRYPOINT ["java", "-cp", "java-api-1.0.0.jar:dependency/*", "com.example.api.Main"]
