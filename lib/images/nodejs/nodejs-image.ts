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
   * Where `npm start` is a command of a dependency, its file: `node_modules/next/dist/bin/next`, with `args: ['start']`.
   *
   * @default - `main` of package.json
   */
  readonly main?: string;

  /**
   * The package of a repository that is the program, relative to the directory, which is then the root of the repository:
   * `services/api`.
   *
   * What the package depends on in the repository is built before it, and comes into the image as it would be published. The other
   * packages are no part of the build, but for their package.json. `main` and all other paths are relative to the package.
   *
   * @default - the directory is the program
   */
  readonly workspace?: string;

  /**
   * Make one file of the program and all that it imports, with esbuild; `main` is then the source to start from: `src/server.ts`.
   *
   * The image has no node_modules. Types are not checked, and no build script is run unless `buildScript` names one. Programs that
   * load packages by a name which they compute, or files that lie beside a package, do not work so; those with native addons are
   * refused by the build.
   *
   * @default false
   */
  readonly bundle?: boolean;

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
