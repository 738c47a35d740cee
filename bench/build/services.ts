import { join, resolve } from 'node:path';
import type { Construct } from 'constructs';
import type { DistrolessImage } from '../../lib';
import { GoImage, JavaImage, NodejsImage, PythonImage, RustImage } from '../../lib';

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
  /** Another release of one dependency, as a bot that keeps dependencies fresh would write it. */
  readonly dependency: readonly Replacement[];
}

const PLATFORM = resolve(__dirname, '../../examples/platform/services');

/** The services of the example platform, and one in Rust. Each has a folder of naive Dockerfiles beside this file. */
export const SERVICES: readonly Service[] = [
  {
    name: 'nodejs',
    directory: join(PLATFORM, 'node-api'),
    define: (scope, directory) => new NodejsImage(scope, 'Image', { directory }),
    line: { file: 'src/quotes.ts', text: (revision) => `export const revision = ${revision};` },
    dependency: [
      {
        file: 'package-lock.json',
        from: '"version": "5.1.1",\n      "integrity": "sha512-oCkNVj4OKnKEcocVBcDfiIugN1/cE6rgfT3nCtzeqZPA8+rIxMaQ0xXzIkGP8Gj2qUaP1UR7uhJ1VD8lUCpzCg=="',
        to: '"version": "5.1.0",\n      "integrity": "sha512-jQSaVHsPgtyw60e1rQ/A+/ArPEj/S8pS/vFnyGa/gYFXrKk/6RuDkoqVDQ5NI5MmS01698ltlAk0NoDBNLujRw=="',
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
    directory: join(PLATFORM, 'python-api'),
    define: (scope, directory) =>
      new PythonImage(scope, 'Image', { directory, module: 'gunicorn', args: ['--bind', '0.0.0.0:8080', 'app:app'] }),
    line: { file: 'app.py', text: (revision) => `REVISION = ${revision}` },
    dependency: [
      { file: 'requirements.txt', from: 'click==8.5.1', to: 'click==8.5.0' },
      {
        file: 'requirements.txt',
        from: 'sha256:8bb5376d2006950386f8c6427613334a2acadc5f559cb80e638d00b4df957e37',
        to: 'sha256:255bc9599cf7748b4b1a446ccc735421bd08a2ae529a8b88597d3de5664ee360',
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
    directory: join(__dirname, 'services/rust-api'),
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
];
