FROM maven:3.9-eclipse-temurin-25
WORKDIR /app
COPY . .
RUN mvn package dependency:copy-dependencies
CMD ["java", "-cp", "target/java-api-1.0.0.jar:target/dependency/*", "com.example.api.Main"]
