import type { Construct } from 'constructs';
import { DistrolessBase } from '../../bases/distroless-base';
import { SourceImage } from '../source-image';
import type { SourceImageProps } from '../source-image-props';
import { bringsOwnRuntime, projectText } from './dotnet-project';
import { dotnetRecipe } from './dotnet-recipe';

/** Props of a `DotnetImage`. */
export interface DotnetImageProps extends SourceImageProps {
  /**
   * The project file, relative to the directory: `src/Api/Api.csproj`.
   *
   * @default - the one project file in the directory
   */
  readonly projectFile?: string;

  /**
   * Name of the assembly that is started.
   *
   * @default - `AssemblyName` of the project file, or the file's own name
   */
  readonly assembly?: string;
}

/**
 * A .NET service without a shell, published onto a chiselled base. It listens on port 8080, as Microsoft's images do.
 *
 * On a base without a runtime, such as `DOTNET_DEPS_10`, the program is published with the runtime in it. That is also the default
 * base of a program that its project file compiles ahead of time (`PublishAot`), trims, or makes self-contained.
 *
 * A build secret named `nuget.config` lies where NuGet looks for the credentials of feeds.
 */
export class DotnetImage extends SourceImage {
  public constructor(scope: Construct, id: string, props: DotnetImageProps) {
    super(scope, id);
    this._render(props, props.base ?? defaultBase(props), (project) => dotnetRecipe(project, props));
  }
}

function defaultBase({ directory, projectFile }: DotnetImageProps): DistrolessBase {
  const text = projectText(directory, projectFile);
  return bringsOwnRuntime(text) ? DistrolessBase.DOTNET_DEPS_10 : DistrolessBase.DOTNET_ASPNET_10;
}
