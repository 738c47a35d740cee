import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { BaseRuntime } from '../../bases/distroless-base';
import type { StageText } from '../dockerfile-text';
import { copy, env, fileCopy, run } from '../dockerfile-text';
import type { Project } from '../project';
import type { StagedContext } from '../staged-context';

/** Where the distributions that builders and bases are made of have their certificates. */
const FOLDER = '/etc/ssl/certs';
const BUNDLE = `${FOLDER}/ca-certificates.crt`;

/** Those of the user alone, for runtimes that bring their own bundle and take others on top of it. */
const EXTRA = 'extra-ca-certificates.crt';

/** Where Google's bases have the trust store of Java. */
const TRUST_STORE = 'java/cacerts';

/** Where a builder has certificates that come on top of its distribution's. */
const ADDED = '/usr/local/share/ca-certificates';

const CONTEXT_FOLDER = '.distroless/certificates';

/** The variables by which package managers, and git, are told of a bundle. */
const BUILD_VARIABLES = ['SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE', 'CARGO_HTTP_CAINFO', 'GIT_SSL_CAINFO'];

const STAGE = 'certificates';

/** Where that stage puts what goes into the image. */
const OUTPUT = '/certificates';

/** Instructions by which a builder trusts the user's certificates; puts these into the context. */
export function trustInBuilder(project: Project, context: StagedContext): string[] {
  const certificates = readCertificates(project);
  if (certificates.length === 0) return [];
  certificates.forEach((pem, index) => context.write(`${CONTEXT_FOLDER}/${index}.crt`, pem));
  return [
    copy([CONTEXT_FOLDER], ADDED),
    run([
      `mkdir -p ${FOLDER}`,
      `cat ${ADDED}/*.crt >> ${BUNDLE}`,
      ...(isJava(project) ? [`if command -v keytool; then ${importToJava()}; fi`] : []),
    ]),
    ...env(Object.fromEntries([...BUILD_VARIABLES, 'NODE_EXTRA_CA_CERTS'].map((name) => [name, BUNDLE]))),
  ];
}

function importToJava(): string {
  const alias = '$(basename $file)';
  const command = `keytool -importcert -noprompt -cacerts -storepass changeit -alias ${alias} -file $file`;
  return `for file in ${ADDED}/*.crt; do ${command} || exit 1; done`;
}

/** Brings the certificates of the base, and those of the user with them, into the image; the first stage is a builder that has both. */
export function withCertificates(stages: readonly StageText[], project: Project): readonly StageText[] {
  if ((project.props.certificates ?? []).length === 0) return stages;
  checkBase(project);
  const image = stages[stages.length - 1];
  const files = [fileCopy([`${OUTPUT}/`], `${FOLDER}/`, STAGE), ...(image.files ?? [])];
  return [...stages.slice(0, -1), bundleStage(project, stages[0].name ?? ''), { ...image, files }];
}

function bundleStage(project: Project, builder: string): StageText {
  const isScratch = project.base.reference === 'scratch';
  const bundle = `${OUTPUT}/${posix.basename(BUNDLE)}`;
  return {
    comment: 'The certificates of the base, and more.',
    from: builder,
    name: STAGE,
    instructions: [
      ...(isScratch ? [] : [copy([BUNDLE], bundle, project.image(project.base.reference))]),
      run([
        `mkdir -p ${OUTPUT}${isJava(project) ? '/java' : ''}`,
        `cat ${ADDED}/*.crt >> ${bundle}`,
        ...(project.base.runtime === BaseRuntime.NODEJS ? [`cat ${ADDED}/*.crt > ${OUTPUT}/${EXTRA}`] : []),
        ...(isJava(project) ? [trustStore()] : []),
      ]),
    ],
  };
}

/** The builder's trust store without a password, as passwords bring salts, and salts make another file each time. */
function trustStore(): string {
  const unprotected = ['certProtection', 'mac'].map((what) => `-J-Dkeystore.pkcs12.${what}Algorithm=NONE`).join(' ');
  const [from, to] = ['$JAVA_HOME/lib/security/cacerts', `${OUTPUT}/${TRUST_STORE}`];
  return (
    `keytool -importkeystore -noprompt ${unprotected} -srckeystore ${from} -srcstorepass changeit` +
    ` -destkeystore ${to} -deststoretype pkcs12 -deststorepass changeit`
  );
}

/** The variables by which a runtime that brings its own bundle is told of another. */
export function certificateVariables({ base, props }: Project): Record<string, string> {
  if ((props.certificates ?? []).length === 0) return {};
  switch (base.runtime) {
    case BaseRuntime.NODEJS:
      return { SSL_CERT_FILE: BUNDLE, NODE_EXTRA_CA_CERTS: `${FOLDER}/${EXTRA}` };
    case BaseRuntime.PYTHON:
      return { SSL_CERT_FILE: BUNDLE, REQUESTS_CA_BUNDLE: BUNDLE };
    case BaseRuntime.JAVA:
    case BaseRuntime.JAVA_LIBRARIES:
      // An option of the launcher, beside those for the virtual machine, which are the user's.
      return { SSL_CERT_FILE: BUNDLE, JDK_JAVA_OPTIONS: `-Djavax.net.ssl.trustStore=${FOLDER}/${TRUST_STORE}` };
    default:
      return { SSL_CERT_FILE: BUNDLE };
  }
}

function isJava({ base }: Project): boolean {
  return [BaseRuntime.JAVA, BaseRuntime.JAVA_LIBRARIES].includes(base.runtime);
}

/** Only where the bundle of Amazon Linux lies is another place than Debian's, Ubuntu's and Wolfi's. */
function checkBase({ base, refusals, props }: Project): void {
  if (base.release !== 'al2023') return;
  refusals.refuse(
    'certificates',
    props.certificates,
    `base ${base.reference} does not have its certificates in ${BUNDLE}`,
    'use a base made of Debian, Ubuntu or Wolfi',
  );
}

/** Each certificate by itself, whatever files they are in. */
function readCertificates({ props, refusals }: Project): string[] {
  return (props.certificates ?? []).flatMap((file) => {
    const refuse = (problem: string): never =>
      refusals.refuse('certificates', file, problem, 'name files with certificates in PEM form');
    if (!existsSync(file)) refuse(`there is no such file (looked in ${process.cwd()})`);
    const text = readFileSync(file, 'utf8');
    if (text.includes('PRIVATE KEY'))
      refuse('there is a private key in it, which everybody who has the image could read');
    const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (certificates.length === 0) refuse('there is no certificate in it');
    return certificates.map((pem) => normalForm(pem, refuse));
  });
}

function normalForm(pem: string, refuse: (problem: string) => never): string {
  try {
    return new X509Certificate(pem).toString();
  } catch (error) {
    return refuse(`a certificate in it cannot be read (${(error as Error).message})`);
  }
}
