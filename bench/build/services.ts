import { join, resolve } from 'node:path';
import type { Construct } from 'constructs';
import type { DistrolessImage } from '../../lib';
import { DotnetImage, GoImage, JavaImage, NodejsImage, PythonImage, RustImage } from '../../lib';

/** A change of a file: what stands there, and what takes its place. */
export interface Replacement {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A service whose image is built in every way. */
export interface Service {
  readonly name: string;
  readonly directory: string;
  /** The service's image by the construct for its language. */
  readonly define: (scope: Construct, directory: string) => DistrolessImage;
  /** A line of source, new with each revision, that can be added at the end of `file`. */
  readonly line: { readonly file: string; readonly text: (revision: number) => string };
  /** Another release of one dependency, as a bot that keeps dependencies fresh would write it; none where there is none in reach. */
  readonly dependency: readonly Replacement[];
}

const PLATFORM = resolve(__dirname, '../../examples/platform/services');
const TESTED = resolve(__dirname, '../../test/e2e/services');
const SERVICES_HERE = join(__dirname, 'services');

/** Services with the dependencies that such ones have. Each has a folder of naive Dockerfiles beside this file. */
export const SERVICES: readonly Service[] = [
  {
    name: 'nodejs',
    directory: join(SERVICES_HERE, 'node-orders'),
    define: (scope, directory) => new NodejsImage(scope, 'Image', { directory }),
    line: { file: 'src/orders.ts', text: (revision) => `export const revision = ${revision};` },
    dependency: [
      {
        file: 'package-lock.json',
        from: '"version": "8.3.0",\n      "integrity": "sha512-Qgpiaws3Sm30Av8Eah6sjMCZZwjlBu+E68rhpCWBshY1lb09HtLwj5GviX0OyQIn+ulUS0iX0AxN5n3tLZzz1w=="',
        to: '"version": "8.2.0",\n      "integrity": "sha512-DRgTIUgnWcJ62KyarxxziuqYxKGnR6Rgg19BlbucN/dpmJbl1XOit6qvoOX0ZT+HhWe5OUVhU/a1zpGyc1xA0Q=="',
      },
    ],
  },
  {
    name: 'go',
    directory: join(PLATFORM, 'go-api'),
    define: (scope, directory) => new GoImage(scope, 'Image', { directory }),
    line: { file: 'main.go', text: (revision) => `var Revision = ${revision}` },
    dependency: [
      { file: 'go.mod', from: 'uuid v1.6.0', to: 'uuid v1.5.0' },
      {
        file: 'go.sum',
        from: 'v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=',
        to: 'v1.5.0 h1:1p67kYwdtXjb0gL0BPiP1Av9wiZPo5A8z2cWkTZ+eyU=',
      },
      { file: 'go.sum', from: 'v1.6.0/go.mod', to: 'v1.5.0/go.mod' },
    ],
  },
  {
    name: 'python',
    directory: join(SERVICES_HERE, 'python-orders'),
    define: (scope, directory) =>
      new PythonImage(scope, 'Image', {
        directory,
        module: 'uvicorn',
        args: ['--host', '0.0.0.0', '--port', '8080', 'orders.main:app'],
      }),
    line: { file: 'orders/models.py', text: (revision) => `REVISION = ${revision}` },
    dependency: [
      { file: 'requirements.txt', from: 'tenacity==9.2.1', to: 'tenacity==9.1.2' },
      {
        file: 'requirements.txt',
        from: 'sha256:9e56f17539296baab7beabb08b92f6ee3d7be92d8be72d763360677c2ad6580e',
        to: 'sha256:f77bf36710d8b73a50b2dd155c97b870017ad21afe6ab300326b0371b3b05138',
      },
    ],
  },
  {
    name: 'java',
    directory: join(PLATFORM, 'java-api'),
    define: (scope, directory) => new JavaImage(scope, 'Image', { directory, mainClass: 'com.example.api.Main' }),
    line: {
      file: 'src/main/java/com/example/api/Main.java',
      text: (revision) => `interface Revision { long NUMBER = ${revision}L; }`,
    },
    dependency: [{ file: 'pom.xml', from: '<version>2.20.0</version>', to: '<version>2.19.2</version>' }],
  },
  {
    name: 'rust',
    directory: join(SERVICES_HERE, 'rust-api'),
    define: (scope, directory) => new RustImage(scope, 'Image', { directory }),
    line: { file: 'src/main.rs', text: (revision) => `pub const REVISION: u64 = ${revision};` },
    dependency: [
      {
        file: 'Cargo.lock',
        from: 'version = "1.0.3"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "df3b46402a9d5adb4c86a0cf463f42e19994e3ee891101b1841f30a545cb49a9"',
        to: 'version = "1.0.2"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "c4a1e36c821dbe04574f602848a19f742f4fb3c98d40449f11bcad18d6b17421"',
      },
    ],
  },
  {
    name: 'dotnet',
    directory: join(TESTED, 'dotnet'),
    define: (scope, directory) => new DotnetImage(scope, 'Image', { directory, projectFile: 'src/Api/Api.csproj' }),
    line: { file: 'src/Greeting/Greeter.cs', text: (revision) => `// revision ${revision}` },
    dependency: [],
  },
];
