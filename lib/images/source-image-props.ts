import type { DistrolessBase } from '../bases/distroless-base';
import type { DistrolessImageOptions } from './distroless-image';

/** Props of the images that are built from a source directory, with a Dockerfile that the library writes. */
export interface SourceImageProps extends DistrolessImageOptions {
  /**
   * The source directory.
   *
   * Nothing is written to it. A `.dockerignore` in it is honoured; version control, `.env` files, installed packages and build output
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
   * Labels of the image, besides `org.opencontainers.image.base.name`.
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
