import type { Construct } from 'constructs';
import { DistrolessBase } from '../../bases/distroless-base';
import { SourceImage } from '../source-image';
import type { SourceImageProps } from '../source-image-props';
import { binaryRecipe } from './binary-recipe';

/** Props of a `BinaryImage`. */
export interface BinaryImageProps extends SourceImageProps {
  /** The program, relative to the directory: an ELF file for Linux and the architecture of the image. */
  readonly binary: string;
}

/**
 * A program that was built elsewhere, alone on a distroless base.
 *
 * The file is looked at: a program for another system or architecture, or one that needs a C library that the base does not have, is
 * refused.
 */
export class BinaryImage extends SourceImage {
  public constructor(scope: Construct, id: string, props: BinaryImageProps) {
    super(scope, id);
    this._render(props, props.base ?? DistrolessBase.STATIC, (project) => binaryRecipe(project, props));
  }
}
