import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../readme/markdown';

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** What `cdk init app --language typescript` has, and the peers of this package. */
const COMPANIONS = ['aws-cdk', 'aws-cdk-lib', 'cdk-nag', 'constructs', '@types/node', 'typescript'];

/** What a user sees of a step: its name, and whether it throws. */
export type Step = readonly [name: string, step: () => void];

/** An empty folder that the package is installed and used in. */
export class Sandbox {
  public readonly folder = mkdtempSync(join(tmpdir(), 'distroless-package-'));

  /** Packs the package as it would be published, and installs it beside the peers. */
  public install(): void {
    this.write('package.json', JSON.stringify({ name: 'app', version: '1.0.0', private: true }));
    execFileSync('npm', ['pack', '--silent', '--pack-destination', this.folder], { cwd: ROOT, stdio: 'pipe' });
    const tarball = `./cdk-distroless-${MANIFEST.version}.tgz`;
    const companions = COMPANIONS.map((name) => `${name}@${MANIFEST.devDependencies[name]}`);
    this.succeed('npm', 'install', '--no-audit', '--no-fund', tarball, ...companions);
  }

  public write(name: string, content: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), content);
  }

  public append(name: string, content: string): void {
    appendFileSync(join(this.folder, name), content);
  }

  /** Runs a command that has to succeed; answers what it printed, and throws that when it does not. */
  public succeed(command: string, ...args: string[]): string {
    const { status, printed } = this.run(command, ...args);
    if (status === 0) return printed;
    throw new Error(`${command} ${args.join(' ')} exited with ${status}\n${printed}`);
  }

  /** Runs a command that has to fail, and to say why. */
  public fail(why: string, command: string, ...args: string[]): void {
    const { status, printed } = this.run(command, ...args);
    if (status !== 0 && printed.includes(why)) return;
    throw new Error(`${command} ${args.join(' ')} exited with ${status}, without '${why}'\n${printed}`);
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private run(command: string, ...args: string[]): { readonly status: number | null; readonly printed: string } {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: this.folder, encoding: 'utf8' });
    return { status, printed: stdout + stderr };
  }
}
