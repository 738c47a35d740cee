import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { BaseRuntime, BuildTool, DistrolessBase } from '../bases/distroless-base';
import type { Mirrors } from '../bases/mirrors';
import { pullThroughMirrors } from '../bases/mirrors';
import type { Refusals } from './refusal';
import type { SourceImageProps } from './source-image-props';

export interface ProjectOptions {
  readonly refusals: Refusals;
  readonly props: SourceImageProps;
  readonly base: DistrolessBase;
  readonly architecture: CpuArchitecture;
  readonly mirrors: Mirrors;
}

/** A source directory, and what is wanted of it. */
export class Project {
  public readonly props: SourceImageProps;
  public readonly base: DistrolessBase;
  public readonly architecture: CpuArchitecture;
  public readonly refusals: Refusals;
  private readonly mirrors: Mirrors;

  public constructor(options: ProjectOptions) {
    this.props = options.props;
    this.base = options.base;
    this.architecture = options.architecture;
    this.refusals = options.refusals;
    this.mirrors = options.mirrors;
  }

  /** Where to pull an image from. */
  public image(reference: string): string {
    return reference === 'scratch' ? reference : pullThroughMirrors(reference, this.mirrors);
  }

  /** Where to pull the builder from: the one that the user names, or else the one that fits the base. */
  public builder(tool: BuildTool): string {
    return this.image(this.builderReference(tool));
  }

  /** Reference of the builder, before mirrors. */
  public builderReference(tool: BuildTool): string {
    return this.props.builder ?? this.base.builderImage(tool);
  }

  /** Refuses a base that does not bring the runtime of the language. */
  public requireRuntime(runtime: BaseRuntime, change: string): void {
    if (this.base.runtime === runtime) return;
    this.refusals.refuse('base', this.base.reference, `it does not bring ${runtime}`, `use ${change}`);
  }

  public has(path: string): boolean {
    return existsSync(join(this.props.directory, path));
  }

  public hasDirectory(path: string): boolean {
    return statSync(join(this.props.directory, path), { throwIfNoEntry: false })?.isDirectory() === true;
  }

  public tryRead(path: string): string | undefined {
    return this.has(path) ? readFileSync(join(this.props.directory, path), 'utf8') : undefined;
  }

  /** Reads a file that the language cannot do without. */
  public read(path: string, change: string): string {
    return this.tryRead(path) ?? this.refuseDirectory(`there is no ${path} in it`, change);
  }

  public refuseDirectory(problem: string, change: string): never {
    this.refusals.refuse('directory', this.props.directory, problem, change);
  }

  /** The one file of several that a project must have exactly one of, such as its lockfile. */
  public onlyOne(candidates: readonly string[], what: string, change: string): string {
    const found = candidates.filter((candidate) => this.has(candidate));
    if (found.length === 0) this.refuseDirectory(`there is no ${what} in it (${candidates.join(', ')})`, change);
    if (found.length > 1) {
      this.refuseDirectory(`there are several ${what}s in it: ${found.join(', ')}`, 'keep the one that is up to date');
    }
    return found[0];
  }
}
