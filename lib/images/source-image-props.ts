import type { DistrolessBase } from '../bases/distroless-base';
import type { DistrolessImageOptions } from './distroless-image';

/** Props of the images that are built from a source directory, with a Dockerfile that the library writes. */
export interface SourceImageProps extends DistrolessImageOptions {
  /**
   * The source directory.
   *
   * Nothing is written to it. A `.dockerignore` in it is honoured, unless the program is compiled and it leaves the sources out; version control, `.env` files, installed packages and build output
   * are left out in any case, unless a pattern of `exclude` such as `!.env.production` takes them back in.
   */
  readonly directory: string;

  /**
   * The distroless image to build on.
   *
   * @default - the current one for the language: `NODEJS_24`, `STATIC` for Go (`BASE` with cgo), `PYTHON_3`
   */
  readonly base?: DistrolessBase;

  /**
   * Reference of the image that the program is built in.
   *
   * @default - the one that fits the base: same release of the distribution, same version of the runtime
   */
  readonly builder?: string;

  /**
   * Arguments that the program is started with.
   *
   * @default - none
   */
  readonly args?: string[];

  /**
   * Environment variables of the image.
   *
   * They can be read by everyone who can pull the image; secrets belong into the task definition.
   *
   * @default - those that the language wants
   */
  readonly environment?: { [name: string]: string };

  /**
   * Labels of the image, besides `org.opencontainers.image.base.name` and, of a pinned base, `org.opencontainers.image.base.digest`.
   *
   * @default - none
   */
  readonly labels?: { [name: string]: string };

  /**
   * Files or directories of the source directory that the program reads when it runs, besides itself.
   *
   * They keep their place relative to the working directory.
   *
   * @default - none
   */
  readonly extraFiles?: string[];

  /**
   * Debian packages that the builder needs, installed with `apt-get`: `['python3', 'make', 'g++']` for native addons of Node.
   *
   * They are there in all stages of the build and in none of the image; see `sharedLibraries` for what the program loads.
   *
   * @default - none
   */
  readonly builderPackages?: string[];

  /**
   * Libraries, programs or folders of the builder that the program needs when it runs: `libpq.so.5`, `/usr/bin/pdftotext`.
   *
   * They come with the libraries that they need in turn and the base lacks, to where the base looks for them. The base must have glibc
   * and be made of Debian or Ubuntu; shells and package managers are refused.
   *
   * @default - none
   */
  readonly sharedLibraries?: string[];

  /**
   * Files with certificates of authorities that the build and the program trust besides the usual ones, in PEM form; such as those of
   * a company's proxy. Paths are relative to the working directory of the synthesis.
   *
   * In the build, npm, Yarn, pnpm, pip, uv, Poetry, Go, Cargo, git and Java trust them. In the image they are added to the bundle of the
   * base; `SSL_CERT_FILE` tells OpenSSL, Go and .NET of it, and `NODE_EXTRA_CA_CERTS`, `REQUESTS_CA_BUNDLE`, or
   * `-Djavax.net.ssl.trustStore` in `JDK_JAVA_OPTIONS` the runtime. On `scratch`, which has no bundle, these are all that is trusted.
   *
   * @default - none
   */
  readonly certificates?: string[];

  /**
   * The time zone of the program, in the environment variable `TZ`: `Europe/Berlin`.
   *
   * @default - that of the base, which is UTC
   */
  readonly timeZone?: string;

  /**
   * The time that all files of the image get, and that the build is told of as `SOURCE_DATE_EPOCH`; in seconds since 1970.
   *
   * With it, building the same input again makes layers of the same bytes: nothing but the program's own compiler can make a difference.
   * From Docker 23 on, the image has the same digest as well; older ones write the time of the build into its configuration. The base
   * and the builder are part of the input: pin them (`DistrolessBase.pinnedTo`). Best is a constant; the time of the commit would make
   * the dependencies a new layer with each commit. Servers that tell browsers a file's time instead of its content, as Express and
   * Starlette do for static files of the same length, then need another way to tell them of changes.
   *
   * @default - files have the time at which they were made, and images of the same input are different ones
   */
  readonly sourceDateEpoch?: number;

  /**
   * Whether a small program is built in that asks the app for its health, for bases without an interpreter.
   *
   * `HealthProbe` uses it. Images of Node and Python need none, as their interpreter does it.
   *
   * @default false
   */
  readonly healthProbe?: boolean;

  /**
   * Where images are mirrored: a registry or a path in one, and what takes its place.
   *
   * Builder and base are both pulled from there. The context key `cdk-distroless:mirrors` does the same for a whole app.
   *
   * @default - the value of the context key; without one, images come from where they are published
   */
  readonly mirrors?: { [prefix: string]: string };
}
