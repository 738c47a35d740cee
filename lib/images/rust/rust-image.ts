import type { Construct } from 'constructs';
import { DistrolessBase } from '../../bases/distroless-base';
import { SourceImage } from '../source-image';
import type { SourceImageProps } from '../source-image-props';
import { rustRecipe } from './rust-recipe';

/** Props of a `RustImage`. */
export interface RustImageProps extends SourceImageProps {
  /**
   * The binary to build.
   *
   * @default - the `default-run` of the package, its only binary, or the one of its own name
   */
  readonly binary?: string;

  /**
   * The package of a workspace that the binary belongs to.
   *
   * @default - the package of the directory; the one that has the binary, in a workspace without one
   */
  readonly package?: string;

  /**
   * Features to build with, besides the default ones.
   *
   * @default - none
   */
  readonly features?: string[];
}

/**
 * A Rust service without a shell, linked against the C library of the base, or against none when the base is a static one.
 *
 * Cargo.lock is needed and kept. A build secret named `credentials.toml` lies where Cargo looks for the tokens of registries.
 */
export class RustImage extends SourceImage {
  public constructor(scope: Construct, id: string, props: RustImageProps) {
    super(scope, id);
    this._render(props, props.base ?? DistrolessBase.CC, (project) => rustRecipe(project, props));
  }
}
