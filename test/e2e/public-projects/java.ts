import { HealthProbe, JavaImage } from '../../../lib';
import type { PublicProject } from './public-project';
import { sourceDateEpoch } from './public-project';

const client = 'maven:3.9-eclipse-temurin-25';

const MAVEN = 'mvn --quiet --batch-mode --no-transfer-progress';

/** The starter that Quarkus' own plugin makes. */
function quarkusStarter(version: string): string[] {
  const goal = `io.quarkus.platform:quarkus-maven-plugin:${version}:create`;
  const options = [
    'projectGroupId=com.example',
    'projectArtifactId=app',
    'extensions=rest',
    'quarkus.registry-client=false',
  ];
  const arguments_ = [...options, `platformVersion=${version}`].map((option) => `-D${option}`).join(' ');
  return [`${MAVEN} ${goal} ${arguments_}`, 'cp -r app/. . && rm -r app'];
}

const OPENAPI = `
openapi: 3.0.3
info: { title: greetings, version: 1.0.0 }
paths:
  /greeting:
    get:
      operationId: getGreeting
      responses: { '200': { description: a greeting, content: { text/plain: { schema: { type: string } } } } }
`;

/** The starter that OpenAPI Generator makes with one of its templates. */
function openapiStarter(template: string, version: string): string[] {
  const generator = `org.openapitools:openapi-generator-cli:${version}`;
  return [
    `echo "${OPENAPI}" > /tmp/api.yaml`,
    `${MAVEN} org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact=${generator} -DoutputDirectory=/tmp`,
    `java -jar /tmp/openapi-generator-cli-${version}.jar generate -i /tmp/api.yaml -g ${template} -o . --additional-properties hideGenerationTimestamp=true`,
  ];
}

export const JAVA_PROJECTS: readonly PublicProject[] = [
  {
    name: 'quarkus',
    client,
    fetch: quarkusStarter('3.38.1'),
    integrity: 'b2459dd484e4be91b8a070d2b051888087b7ed755426823071c75d9e0246aacb',
    image: (stack, name, directory) =>
      new JavaImage(stack, name, { directory, wrapper: false, sourceDateEpoch, healthProbe: true }),
    healthProbe: HealthProbe.http({ path: '/hello' }),
    path: '/hello',
    answer: /^Hello from Quarkus/,
  },
  {
    name: 'spring-boot',
    client,
    fetch: openapiStarter('spring', '7.25.0'),
    integrity: '6aec8a6319f11d464e80d3b670f4ef3c8d05f87d7af69228dc69974f80e99630',
    image: (stack, name, directory) => new JavaImage(stack, name, { directory, sourceDateEpoch }),
    path: '/v3/api-docs',
    builtOnce: 'Spring Boot 3.3 writes the time into the jar that it extracts',
    answer: /"openapi":/,
  },
];
