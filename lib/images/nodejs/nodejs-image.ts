import type { Construct } from 'constructs';
import { BaseRuntime, DistrolessBase } from '../../bases/distroless-base';
import { SourceImage } from '../source-image';
import type { SourceImageProps } from '../source-image-props';
import { nodejsRecipe } from './nodejs-recipe';

/** Props of a `NodejsImage`. */
export interface NodejsImageProps extends SourceImageProps {
  /**
   * The file that starts the program, relative to the directory, as it is after the build: `dist/server.js`.
   *
   * @default - `main` of package.json
   */
  readonly main?: string;

  /**
   * The script of package.json that builds the program.
   *
   * @default 'build' if package.json has it; otherwise the sources run as they are
   */
  readonly buildScript?: string;

  /**
   * Run the sources as they are, although package.json has a build script.
   *
   * @default false
   */
  readonly skipBuild?: boolean;

  /**
   * The files and directories that the build makes. Nothing else of the build goes into the image.
   *
   * @default - the top directory of `main`
   */
  readonly buildOutputs?: string[];

  /**
   * Files and directories that installing the dependencies reads, besides the manifests that every package manager has.
   *
   * Without them, a project with a `postinstall` or `prepare` script installs its dependencies anew whenever a source changes.
   *
   * @default - what the package manager is known to read; all sources if installing runs scripts of the project
   */
  readonly installFiles?: string[];

  /**
   * Options of the runtime, before the main file: `--enable-source-maps`.
   *
   * @default - none
   */
  readonly nodeOptions?: string[];
}

/**
 * A Node.js service without a shell.
 *
 * The package manager is told from the lockfile. Dependencies are installed as it says, the build script is run if there is one, and
 * only its output and the production dependencies go into the image.
 *
 * Build secrets named `npmrc` and `yarnrc` lie where the package managers look for credentials.
 */
export class NodejsImage extends SourceImage {
  public constructor(scope: Construct, id: string, props: NodejsImageProps) {
    super(scope, id);
    this._render(props, props.base ?? DistrolessBase.NODEJS_24, (project) => {
      project.requireRuntime(BaseRuntime.NODEJS, 'DistrolessBase.NODEJS_24');
      return nodejsRecipe(project, props);
    });
  }
}
