import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { loosenings } from '../policy';
import type { Declarations, DeclaredService } from './declarations';
import { schemaProblems } from './schema-problems';
import type { Problem } from './yaml-text';
import { YamlText } from './yaml-text';

/** A file that declares services, read and found in order. */
export class ServiceFile {
  public readonly declarations: Declarations;

  private readonly text: YamlText;
  private readonly directory: string;

  /** @throws Error that tells of everything that is not in order, by file, line and path */
  public constructor(file: string) {
    this.text = new YamlText(file);
    this.directory = dirname(file);
    this.refuse(schemaProblems(this.text.data));
    this.declarations = this.text.data as Declarations;
    this.refuse([...this.policyProblems(), ...this.directoryProblems(), ...this.pathProblems()]);
  }

  /** Does something for a service; what is thrown then tells of its place in the file. */
  public for<T>(name: string, define: () => T): T {
    try {
      return define();
    } catch (error) {
      throw this.text.error([{ path: ['services', name], message: (error as Error).message }]);
    }
  }

  /** Where a directory is that the file names. */
  public locate(directory: string): string {
    return resolve(this.directory, directory);
  }

  private get services(): Array<[string, DeclaredService]> {
    return Object.entries(this.declarations.services);
  }

  private refuse(problems: readonly Problem[]): void {
    if (problems.length > 0) throw this.text.error(problems);
  }

  private policyProblems(): Problem[] {
    return loosenings(this.declarations.policy ?? {}).map(({ path, message }) => ({
      path: ['policy', ...path],
      message,
    }));
  }

  private directoryProblems(): Problem[] {
    return this.services
      .filter(([, { image }]) => !existsSync(this.locate(image.directory)))
      .map(([name, { image }]) => ({
        path: ['services', name, 'image', 'directory'],
        message: `there is no ${image.directory} beside the file`,
      }));
  }

  /** Of two services with the same path, only one would ever be reached. */
  private pathProblems(): Problem[] {
    const owners = new Map<string, string>();
    return this.services.flatMap(([name, service]) => {
      if (service.template !== 'web') return [];
      const owner = owners.get(service.path);
      owners.set(service.path, owner ?? name);
      return owner
        ? [{ path: ['services', name, 'path'], message: `${service.path} is the path of ${owner} already` }]
        : [];
    });
  }
}
