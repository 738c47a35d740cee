import type { Construct } from 'constructs';
import { BaseRuntime, DistrolessBase } from '../../bases/distroless-base';
import { SourceImage } from '../source-image';
import type { SourceImageProps } from '../source-image-props';
import { pythonRecipe } from './python-recipe';

/** Props of a `PythonImage`. One of `module` and `main` is needed. */
export interface PythonImageProps extends SourceImageProps {
  /**
   * The module to run, as `python -m` does: `gunicorn`, `uvicorn`, or one of the program's own.
   *
   * @default - `main` is run
   */
  readonly module?: string;

  /**
   * The file to run, relative to the directory: `app.py`.
   *
   * @default - `module` is run
   */
  readonly main?: string;

  /**
   * The requirements file, relative to the directory.
   *
   * @default - the lockfile of the directory: requirements.txt, uv.lock or poetry.lock
   */
  readonly requirements?: string;

  /**
   * Install the project as its build backend does, instead of copying its sources: for programs that ask for their own version or
   * entry points (`importlib.metadata`), or that are started by a name which is not that of a directory.
   *
   * It is started by `module`, and brings no other files than those of its package and `extraFiles`.
   *
   * @default false
   */
  readonly installProject?: boolean;

  /**
   * Optional dependencies of the project that the program needs, by the names that pyproject.toml gives them: `server`.
   *
   * Only with uv.lock or poetry.lock; a requirements file is compiled with them.
   *
   * @default - none
   */
  readonly extras?: string[];

  /**
   * Options of the interpreter, before the module or file: `-X dev`.
   *
   * @default - none
   */
  readonly pythonOptions?: string[];
}

/**
 * A Python service without a shell.
 *
 * Dependencies are installed as the lockfile says, into a directory of their own; they and the sources are compiled beforehand, as
 * the program cannot write to its own files. Packages that come with a C extension must be there as wheels for the base's Python, or
 * the builder must have what they are compiled with.
 *
 * A build secret named `pip.conf` lies where pip looks for it, one named `netrc` where all tools do.
 */
export class PythonImage extends SourceImage {
  public constructor(scope: Construct, id: string, props: PythonImageProps) {
    super(scope, id);
    this._render(props, props.base ?? DistrolessBase.PYTHON_3, (project) => {
      project.requireRuntime(BaseRuntime.PYTHON, 'DistrolessBase.PYTHON_3');
      return pythonRecipe(project, props);
    });
  }
}
