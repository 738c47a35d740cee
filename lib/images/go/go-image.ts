import type { Construct } from 'constructs';
import { DistrolessBase } from '../../bases/distroless-base';
import { SourceImage } from '../source-image';
import type { SourceImageProps } from '../source-image-props';
import { goRecipe } from './go-recipe';

/** Props of a `GoImage`. */
export interface GoImageProps extends SourceImageProps {
  /**
   * The main package, relative to the directory: `./cmd/api`.
   *
   * @default '.'
   */
  readonly main?: string;

  /**
   * Build with cgo, against the C library of the base.
   *
   * @default false
   */
  readonly cgo?: boolean;

  /**
   * Build tags.
   *
   * @default - none
   */
  readonly tags?: string[];

  /**
   * String variables to set in the program: `{ 'main.version': '1.2.3' }`.
   *
   * @default - none
   */
  readonly variables?: { [name: string]: string };

  /**
   * Options for the linker, besides `-s -w`.
   *
   * @default - none
   */
  readonly ldflags?: string[];

  /**
   * Module paths that are not public: `github.com/example/*`; neither proxy nor checksum database are asked for them.
   *
   * Their credentials come from a build secret named `netrc`, or from `buildSsh`.
   *
   * @default - none
   */
  readonly privateModules?: string[];
}

/**
 * A Go service without a shell: one statically linked, stripped program, reproducible for the same sources.
 *
 * It is compiled on the machine's own architecture for the image's, so that no build is emulated.
 */
export class GoImage extends SourceImage {
  public constructor(scope: Construct, id: string, props: GoImageProps) {
    super(scope, id);
    this._render(props, props.base ?? (props.cgo === true ? DistrolessBase.BASE : DistrolessBase.STATIC), (project) =>
      goRecipe(project, props),
    );
  }
}
